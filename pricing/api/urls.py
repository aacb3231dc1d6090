"""Addresses of prices for machines."""

from django.urls import path

from pricing.api.views import PublishedPrices

app_name = "pricing_api"
urlpatterns = [path("prices/", PublishedPrices.as_view(), name="prices")]
