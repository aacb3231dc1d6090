"""Addresses of the e-voucher middle platform."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
