"""Addresses of the e-prescription centre (D001 to D007)."""

from django.urls import path

from . import control, views

urlpatterns = [
    path("fixmedins/<str:name>", views.receive),
    path("control/", control.control, name="eprescription_control"),
    path("control/<str:action>/", control.act),
]
