"""Addresses of the province's mobile payment centre (62xx)."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
