"""Addresses of the simulated identity service."""

from django.urls import path

from simulators.identity import views

app_name = "identity"

urlpatterns = [
    path("v1/real-name-checks", views.real_name_checks),
    path("control/", views.control, name="control"),
    path("control/faults/", views.set_fault, name="faults"),
    path("control/reset/", views.reset, name="reset"),
]
