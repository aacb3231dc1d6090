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
    *control.counter.paths(),
    path("control/open/", control.open_trade, name="open"),
    path("control/pay/", control.pay, name="pay"),
    path("control/expire/", control.expire, name="expire"),
    path("control/finish/", control.finish, name="finish"),
    path("control/tell/", control.tell, name="tell"),
]
