"""Addresses of published prices."""

from django.urls import include, path

from pricing.pages import charge_rules, exporting, reports, views
from pricing.pages.onsite import views as onsite_views

app_name = "pricing"

urlpatterns = [
    path("office/prices/", include("pricing.pages.office.urls")),
    path("prices/", views.price_list, name="list"),
    path("prices/onsite-fee/", onsite_views.onsite_fee, name="onsite_fee"),
    path("prices/proof/", reports.proof, name="proof"),
    path("prices/rules/", charge_rules.rule_list, name="rules"),
    path("prices/files/", exporting.files, name="files"),
    path("prices/export.json", exporting.as_json, name="export_json"),
    path("prices/export.csv", exporting.as_csv, name="export_csv"),
    path("prices/export.schema.json", exporting.schema, name="export_schema"),
    # Words above are never codes of items: pricing.rules.codes.ADDRESSES, and the database refuses them.
    path("prices/<str:code>/", views.item, name="item"),
    path("prices/<str:code>/why/", views.why, name="why"),
    path("prices/<str:code>/compare/", reports.compare, name="compare"),
]
