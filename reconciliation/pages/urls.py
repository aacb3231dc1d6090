"""Addresses of reconciliation."""

from django.urls import URLPattern

app_name = "reconciliation"

urlpatterns: list[URLPattern] = []
