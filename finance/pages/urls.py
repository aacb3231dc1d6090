"""Addresses of the finance office."""

from django.urls import path

from finance.pages import overview

app_name = "finance"

urlpatterns = [
    path("office/finance/", overview.overview, name="overview"),
]
