"""Addresses of the simulated WeChat Pay: the API, the cashier, the control page."""

from django.urls import path

from simulators.wechatpay import api, bills, cashier, control, med_ins, sign_in

app_name = "wechatpay"

urlpatterns = [
    path("v3/pay/transactions/native", api.native),
    path("v3/pay/transactions/h5", api.h5),
    path("v3/pay/transactions/jsapi", api.jsapi),
    path("v3/pay/transactions/id/<str:transaction_id>", api.query_by_transaction_id),
    path("v3/pay/transactions/out-trade-no/<str:out_trade_no>", api.query_by_out_trade_no),
    path("v3/pay/transactions/out-trade-no/<str:out_trade_no>/close", api.close),
    path("v3/refund/domestic/refunds", api.refund),
    path("v3/refund/domestic/refunds/<str:out_refund_no>", api.query_refund),
    path("v3/refund/domestic/refunds/<str:refund_id>/apply-abnormal-refund", api.abnormal_refund),
    path("v3/certificates", api.certificates),
    path("v3/med-ins/orders", med_ins.place),
    path("v3/med-ins/orders/out-trade-no/<str:out_trade_no>", med_ins.query_by_out_trade_no),
    path("v3/med-ins/orders/mix-trade-no/<str:mix_trade_no>", med_ins.query_by_mix_trade_no),
    path("v3/med-ins/refunds/notify", med_ins.refund_notified),
    path("v3/bill/tradebill", bills.trade_bill),
    path("v3/billdownload/file", bills.download),
    path("connect/oauth2/authorize", sign_in.authorize, name="authorize"),
    path("sns/oauth2/access_token", sign_in.access_token, name="access_token"),
    path("cashier/<str:prepay_id>/", cashier.cashier, name="cashier"),
    path("scan/", cashier.scan, name="scan"),
    path("bridge/", cashier.bridge, name="bridge"),
    *control.counter.paths(),
    path("control/med-ins-pay/", med_ins.pay, name="med_ins_pay"),
    path("control/pay/", control.pay, name="pay"),
    path("control/expire/", control.expire, name="expire"),
]
