"""Addresses of screening."""

from django.urls import path

from screening.pages.views import files, findings, rules

app_name = "screening"
_OFFICE = "office/screening/"
_RULE = f"{_OFFICE}rules/<str:number>/"
_IMPORT = f"{_OFFICE}imports/<int:import_id>/"

urlpatterns = [
    path(_OFFICE, rules.rules, name="rules"),
    path(_RULE, rules.rule, name="rule"),
    path(f"{_RULE}switch/", rules.switch, name="switch"),
    path(f"{_RULE}import/", files.receive, name="import"),
    path(f"{_OFFICE}switches/<int:switch_id>/", rules.decide, name="decide"),
    path(_IMPORT, files.imported, name="imported"),
    path(f"{_IMPORT}faults/", files.faults, name="faults"),
    path(f"{_IMPORT}take/", files.take, name="take"),
    path(f"{_OFFICE}findings/", findings.findings, name="findings"),
    path(f"{_OFFICE}findings/export/<str:form>/", findings.export, name="findings_export"),
    path(f"{_OFFICE}looks/<int:screening_id>/", findings.screening, name="screening"),
]
