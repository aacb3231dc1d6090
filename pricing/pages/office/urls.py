"""Addresses of the price office."""

from django.urls import path

from pricing.pages.office.views import comparing, deciding, editing, exchanging, listing

_ONE = "<str:number>/"

urlpatterns = [
    path("", listing.revisions, name="office"),
    path("new/", editing.begin, name="office_new"),
    path("template/<str:form>/", exchanging.template, name="office_template"),
    path("in-force/<str:form>/", exchanging.in_force, name="office_in_force"),
    path(_ONE, listing.revision, name="office_revision"),
    path(f"{_ONE}trail/", listing.trail, name="office_trail"),
    path(f"{_ONE}describe/", editing.describe, name="office_describe"),
    path(f"{_ONE}items/", editing.items, name="office_items"),
    path(f"{_ONE}rows/new/<str:code>/", editing.new_row, name="office_new_row"),
    path(f"{_ONE}rows/<int:row_id>/", editing.row, name="office_row"),
    path(f"{_ONE}rows/<int:row_id>/drop/", editing.drop, name="office_drop"),
    path(f"{_ONE}copy/", editing.copy, name="office_copy"),
    path(f"{_ONE}compare/", comparing.compare, name="office_compare"),
    path(f"{_ONE}decide/", deciding.decide, name="office_decide"),
    path(f"{_ONE}publish/", deciding.publish, name="office_publish"),
    path(f"{_ONE}export/<str:form>/", exchanging.export, name="office_export"),
    path(f"{_ONE}import/", exchanging.receive, name="office_import"),
    path(f"{_ONE}imports/<int:import_id>/", exchanging.received, name="office_imported"),
    path(f"{_ONE}imports/<int:import_id>/now/", exchanging.received_fragment, name="office_imported_now"),
    path(f"{_ONE}imports/<int:import_id>/faults/", exchanging.faults, name="office_faults"),
    path(f"{_ONE}imports/<int:import_id>/take/", exchanging.take, name="office_take"),
]
