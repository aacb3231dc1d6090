"""Facts for the quote, and the prices an institution shows to everyone."""

from pricing.queries.onsite import (
    home_items,
    home_visit_quote,
    is_public_holiday,
    knows_holidays_of,
    onsite_fee_line,
    onsite_schedule_on,
    onsite_schedules,
)
from pricing.queries.openings import ClosedService, closed_services
from pricing.queries.published import PublishedPrice, listed_items, price_history, published_prices
from pricing.queries.quoting import context_of, quote_for, tariff_facts
from pricing.queries.reasoned import ReasonedQuote, reasoned_quote_for
from pricing.queries.sharing import RemoteQuote, agreement_of, remote_quote

__all__ = [
    "ClosedService",
    "PublishedPrice",
    "ReasonedQuote",
    "RemoteQuote",
    "agreement_of",
    "closed_services",
    "context_of",
    "home_items",
    "home_visit_quote",
    "is_public_holiday",
    "knows_holidays_of",
    "listed_items",
    "onsite_fee_line",
    "onsite_schedule_on",
    "onsite_schedules",
    "price_history",
    "published_prices",
    "quote_for",
    "reasoned_quote_for",
    "remote_quote",
    "tariff_facts",
]
