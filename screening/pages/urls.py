"""Addresses of screening."""

from django.urls import path

from screening.pages.views import changes, files, findings, rules

app_name = "screening"
_OFFICE = "office/screening/"
_RULE = f"{_OFFICE}rules/<str:number>/"
_IMPORT = f"{_OFFICE}imports/<int:import_id>/"

urlpatterns = [
    path(_OFFICE, rules.rules, name="rules"),
    path(_RULE, rules.rule, name="rule"),
    path(f"{_RULE}change/", changes.change, name="change"),
    path(f"{_RULE}switch/", changes.switch, name="switch"),
    path(f"{_RULE}import/", files.receive, name="import"),
    path(f"{_OFFICE}changes/<int:change_id>/", changes.decide, name="decide"),
    path(f"{_OFFICE}day/", rules.on_day, name="on_day"),
    path(_IMPORT, files.imported, name="imported"),
    path(f"{_IMPORT}faults/", files.faults, name="faults"),
    path(f"{_IMPORT}take/", files.take, name="take"),
    path(f"{_OFFICE}findings/", findings.findings, name="findings"),
    path(f"{_OFFICE}findings/export/<str:form>/", findings.export, name="findings_export"),
    path(f"{_OFFICE}looks/<int:screening_id>/", findings.screening, name="screening"),
]
