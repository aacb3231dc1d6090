"""Addresses of payments."""

from django.urls import path

from payments.pages import views

app_name = "payments"
urlpatterns = [path("payments/wechat/notifications/", views.wechat_notification, name="wechat_notification")]
