"""Addresses of insurance."""

from django.urls import path

from insurance.pages import desk, overview

app_name = "insurance"

urlpatterns = [
    path("office/insurance/", overview.overview, name="office"),
    path("office/insurance/days.csv", overview.export, name="export"),
    path("office/insurance/settlements/", desk.claims, name="claims"),
]
