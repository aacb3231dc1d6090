"""Addresses of payments."""

from django.urls import path

from payments.pages import desk, notifications

app_name = "payments"
urlpatterns = [
    path("payments/wechat/notifications/", notifications.wechat_notification, name="wechat_notification"),
    path("payments/alipay/notifications/", notifications.alipay_notification, name="alipay_notification"),
    path("office/channels/", desk.channels, name="channels"),
    path("office/channels/<int:institution_id>/<str:channel>/", desk.offer, name="offer"),
    path("office/channels/incidents/", desk.incidents, name="incidents"),
    path("office/channels/incidents/<int:incident_id>/settle/", desk.settle, name="settle_incident"),
    path("office/channels/refunds/", desk.failed_refunds, name="failed_refunds"),
    path("office/channels/refunds/<str:number>/", desk.act_on_refund, name="act_on_refund"),
]
