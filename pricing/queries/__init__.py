"""Facts for the quote, and the prices an institution shows to everyone."""

from pricing.queries.published import PublishedPrice, listed_items, price_history, published_prices
from pricing.queries.quoting import context_of, quote_for, tariff_facts

__all__ = [
    "PublishedPrice",
    "context_of",
    "listed_items",
    "price_history",
    "published_prices",
    "quote_for",
    "tariff_facts",
]
