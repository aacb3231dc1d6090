"""Addresses of the insurer."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
