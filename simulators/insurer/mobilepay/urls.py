"""Addresses of the province's mobile payment centre (62xx)."""

from django.urls import path

from . import control
from .views import door

app_name = "mobilepay"

urlpatterns = [
    path("org/local/api/hos/uldFeeInfo", door("6201")),
    path("org/local/api/hos/pay_order", door("6202")),
    path("org/local/api/hos/refund_Order", door("6203")),
    path("org/local/api/hos/query_order_info", door("6301")),
    path("org/local/api/hos/revoke_order", door("6401")),
    path("control/", control.overview, name="control"),
    path("control/faults/", control.set_fault, name="faults"),
    path("control/reset/", control.reset, name="reset"),
    path("control/permission/", control.permission, name="permission"),
    path("control/pump/", control.pump, name="pump"),
    path("control/notification/", control.notification, name="notification"),
]
