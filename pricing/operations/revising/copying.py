"""Rows that are not typed: from the prices in force, or from another revision."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import User
from kernel.period import Period
from pricing.models import SCOPE, TERMS, Price, PriceRevision, ProposedPrice
from pricing.operations.revising.locking import locked_for_change
from pricing.operations.revising.rows import put_rows
from pricing.queries.revisions import rows_of
from pricing.rules.search import search_term


@dataclass(frozen=True, slots=True)
class Selection:
    """Which prices in force are copied; what is empty narrows nothing."""

    search: str = ""
    """Name, pinyin, initials or code of the item."""
    category: str = ""
    region_code: str = ""
    institution_level: int | None = None
    document_id: int | None = None
    price_ids: tuple[int, ...] = ()


def chosen_prices(selection: Selection, *, revision: PriceRevision, on: date) -> list[Price]:
    """Prices in force on a day that a selection names: the regulator's, or the institution's own, like the revision."""
    prices = Price.objects.in_force_on(on).select_related("item", "base_item", "institution", "document")
    prices = prices.filter(
        institution=revision.institution_id, document__is_demonstration=revision.document.is_demonstration
    )
    narrowed = {
        "item__search_key__contains": search_term(selection.search),
        "item__category": selection.category,
        "region_code": selection.region_code,
        "institution_level": selection.institution_level,
        "document": selection.document_id,
        "pk__in": selection.price_ids,
    }
    prices = prices.filter(**{name: value for name, value in narrowed.items() if value})
    return list(prices.order_by("item__code", "region_code", "pk"))


@transaction.atomic
def copy_from_current(
    *, revision_id: int, selection: Selection, begins_on: date, by: User | None, at: datetime
) -> int:
    """Fill the draft with the prices that would be in force on ``begins_on``; returns how many rows changed.

    Each row begins on ``begins_on`` and ends where the price ends, but never after the revision's document.

    Raises:
        IllegalTransition: the revision is published, superseded or abandoned.
    """
    revision = locked_for_change(revision_id, by=by, at=at)
    prices = chosen_prices(selection, revision=revision, on=begins_on)
    rows = [_copy(price, revision, begins_on) for price in prices]
    facts = {"begins_on": begins_on.isoformat()}
    return put_rows(revision, rows, action="pricing.revision.copied", by=by, at=at, facts=facts)


@transaction.atomic
def copy_version(
    *, revision_id: int, earlier_id: int, begins_on: date | None, by: User | None, at: datetime
) -> int:
    """Fill the draft with the rows of another revision; returns how many rows changed.

    ``begins_on`` is their new first day; None keeps the days of each.

    Raises:
        IllegalTransition: the revision is published, superseded or abandoned.
    """
    revision = locked_for_change(revision_id, by=by, at=at)
    earlier = PriceRevision.objects.get(pk=earlier_id)
    rows = list(_moved(rows_of(earlier), revision, begins_on))
    facts = {"from": earlier.number, "begins_on": begins_on.isoformat() if begins_on else ""}
    return put_rows(revision, rows, action="pricing.revision.copied", by=by, at=at, facts=facts)


def _moved(
    rows: Iterable[ProposedPrice], revision: PriceRevision, begins_on: date | None
) -> Iterable[ProposedPrice]:
    """Rows that have ended before the new first day are left behind."""
    for row in rows:
        begin = begins_on or row.effective.lower
        if row.effective.upper is None or begin < row.effective.upper:
            yield _copy(row, revision, begin)


def _copy(source: Price | ProposedPrice, revision: PriceRevision, begins_on: date) -> ProposedPrice:
    names = [name.removesuffix("_id") for name in (*SCOPE, *TERMS)]
    ends = [each.effective.upper for each in (source, revision.document) if each.effective.upper is not None]
    until = min((end for end in ends if end > begins_on), default=None)
    period = Period(begins_on, until)
    return ProposedPrice(
        revision=revision,
        item=source.item,
        effective=DateRange(period.begin, period.end),
        **{name: getattr(source, name) for name in names},
    )
