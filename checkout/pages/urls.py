"""Addresses of paying."""

from django.urls import path

from checkout.pages import views, voucher

app_name = "checkout"
urlpatterns = [
    path("pay/<str:number>/", views.pay, name="pay"),
    path("pay/<str:number>/now/", views.pay_fragment, name="pay_fragment"),
    path("pay/<str:number>/from-wechat/", views.from_wechat, name="from_wechat"),
    path("pay/<str:number>/voucher/<str:business_number>/", voucher.voucher, name="voucher"),
    path("bills/<str:number>/", views.bill, name="bill"),
    path("visits/<str:number>/fee-list/", views.fee_list, name="fee_list"),
]
