"""Addresses of the simulated SMS service."""

from django.urls import path

from simulators.sms import views

app_name = "sms"

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("v1/messages", views.messages),
    path("control/", views.control, name="control"),
    path("control/messages", views.list_messages),
    path("control/faults/", views.set_fault, name="faults"),
    path("control/reset/", views.reset, name="reset"),
]
