"""Addresses of prices for machines."""

from django.urls import path

from pricing.api.quotes import Quotes
from pricing.api.views import PublishedPrices

app_name = "pricing_api"
urlpatterns = [
    path("prices/", PublishedPrices.as_view(), name="prices"),
    path("quotes", Quotes.as_view(), name="quotes"),
]
