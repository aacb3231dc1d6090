"""Addresses of the insurer: the interface, and the control page."""

from django.urls import path

from . import control, policy_page, views

urlpatterns = [
    path("fsi/api/<str:infno>", views.fsi),
    path("control/", control.control),
    path("control/settlements/", control.settlements),
    path("control/policies/", policy_page.policies),
    path("control/<slug:action>/", control.control),
]
