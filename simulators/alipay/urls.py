"""Addresses of the simulated Alipay: the gateway, the cashier, the bill, the control page."""

from django.urls import path

from simulators.alipay import bills, cashier, control
from simulators.alipay.gateway import gateway

app_name = "alipay"

urlpatterns = [
    path("gateway.do", gateway, name="gateway"),
    path("bill/download", bills.download, name="bill_file"),
    path("cashier/<str:code>/", cashier.cashier, name="cashier"),
    path("scan/", cashier.scan, name="scan"),
    path("control/", control.overview, name="control"),
    path("control/faults/", control.set_fault, name="faults"),
    path("control/reset/", control.reset, name="reset"),
    path("control/open/", control.open_trade, name="open"),
    path("control/pay/", control.pay, name="pay"),
    path("control/expire/", control.expire, name="expire"),
    path("control/finish/", control.finish, name="finish"),
    path("control/tell/", control.tell, name="tell"),
    path("control/pump/", control.pump, name="pump"),
    path("control/replay/", control.replay, name="replay"),
    path("control/bill/", control.change_bill, name="bill"),
]
