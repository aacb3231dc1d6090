"""Addresses of the e-prescription centre (D001 to D007)."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
