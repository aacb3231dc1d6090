"""Addresses of refunds."""

from django.urls import path

from refunds.pages import deciding, giving_back, lists

app_name = "refunds"

urlpatterns = [
    path("office/refunds/", lists.requests, name="requests"),
    path("office/refunds/policies/", lists.policy_table, name="policies"),
    path("office/refunds/of/<str:bill_number>/", giving_back.give_back, name="give_back"),
    path("office/refunds/<str:number>/", lists.request_page, name="request"),
    path("office/refunds/<str:number>/approve/", deciding.approve, name="approve"),
    path("office/refunds/<str:number>/decline/", deciding.decline, name="decline"),
    path("office/refunds/<str:number>/send-again/", deciding.send_again, name="send_again"),
]
