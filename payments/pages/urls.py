"""Addresses of payments."""

from django.urls import path

from payments.pages import notifications

app_name = "payments"
urlpatterns = [
    path("payments/wechat/notifications/", notifications.wechat_notification, name="wechat_notification"),
    path("payments/alipay/notifications/", notifications.alipay_notification, name="alipay_notification"),
]
