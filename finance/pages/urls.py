"""Addresses of the finance office."""

from django.urls import path

from finance.pages import bill, checkouts, overview, search

app_name = "finance"

urlpatterns = [
    path("office/finance/", overview.overview, name="overview"),
    path("office/finance/search/", search.search, name="search"),
    path("office/finance/bills/<str:number>/", bill.bill, name="bill"),
    path("office/finance/bills/<str:number>/push/", checkouts.push, name="push"),
    path("office/finance/bills/<str:number>/stop/", checkouts.stop, name="stop"),
    path("office/finance/checkouts/", checkouts.desk, name="checkouts"),
]
