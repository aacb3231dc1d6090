"""Addresses of reconciliation."""

from django.urls import path

from reconciliation.pages import days, differences

app_name = "reconciliation"

urlpatterns = [
    path("office/reconciliation/", days.days, name="days"),
    path("office/reconciliation/compare/", days.compare_day, name="compare_day"),
    path("office/reconciliation/differences/", differences.difference_list, name="differences"),
    path("office/reconciliation/differences.<str:form>", differences.export_list, name="export"),
    path("office/reconciliation/differences/<int:difference_id>/", differences.difference, name="difference"),
    path("office/reconciliation/differences/<int:difference_id>/act/", differences.act, name="act"),
    path("office/reconciliation/<str:text>/", days.day, name="day"),
    path("office/reconciliation/<str:text>/part/", days.day_fragment, name="day_fragment"),
    path("office/reconciliation/<str:text>/compare/", days.compare, name="compare"),
]
