"""Rows of prices never change: what is known is said anew, and the old row retracted."""

from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateRange

from kernel.period import Period
from pricing.models import SCOPE, TERMS, Price


def copy_of(price: Price, period: Period, *, at: datetime) -> Price:
    """The same price over another period, not saved yet."""
    said = {name: getattr(price, name) for name in (*SCOPE, *TERMS)}
    return Price(
        item_id=price.item_id,
        document_id=price.document_id,
        effective=DateRange(period.begin, period.end),
        recorded_at=at,
        **said,
    )


def retract(price: Price, *, at: datetime) -> None:
    """From now on the row is only what was known before; charges that rest on it keep it."""
    price.retracted_at = at
    price.save(update_fields=["retracted_at"])


def restate(price: Price, period: Period, *, at: datetime) -> Price:
    """Retract the row and say the same over another period; returns the new row."""
    retract(price, at=at)
    again = copy_of(price, period, at=at)
    again.save(force_insert=True)
    return again
