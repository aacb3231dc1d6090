"""Addresses of simulations and corrections."""

from django.urls import URLPattern

app_name = "repricing"

urlpatterns: list[URLPattern] = []
