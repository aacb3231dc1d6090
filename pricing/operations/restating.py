"""Rows of prices never change: what is known is said anew, and the old row retracted."""

from datetime import date, datetime

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet

from kernel.period import Period
from pricing.models import SCOPE, TERMS, Price

_SAID = ", ".join(("item_id", "document_id", *SCOPE, *TERMS))
_AGAIN = (
    f"INSERT INTO {Price._meta.db_table} ({_SAID}, effective, recorded_at)"  # noqa: S608  # names of columns
    f" SELECT {_SAID}, daterange(lower(effective), %(end)s), %(at)s"
    f" FROM {Price._meta.db_table} WHERE id = ANY(%(ids)s)"
)


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


def end_all(prices: QuerySet[Price], on: date, *, at: datetime) -> int:
    """End every price on a day that lies within its period; returns how many. As ``restate``, but at once."""
    ids = list(prices.select_for_update().values_list("pk", flat=True))
    if ids:
        Price.objects.filter(pk__in=ids).update(retracted_at=at)
        with connection.cursor() as cursor:
            cursor.execute(_AGAIN, {"end": on, "at": at, "ids": ids})
    return len(ids)
