"""Addresses of the insurer: the interface, and the control page."""

from django.urls import path

from . import alterations, control, csb, policy_page, sealed_door, views

urlpatterns = [
    path("fsi/api/<str:infno>", views.fsi),
    path("csb", csb.csb),
    path("oauth2/token", sealed_door.token),
    path("sealed/api/<str:infno>", sealed_door.sealed),
    path("control/", control.control),
    path("control/settlements/", control.settlements),
    path("control/policies/", policy_page.policies, name="insurer_policies"),
    path("control/alter/", alterations.alter),
    path("control/<slug:action>/", control.control),
]
