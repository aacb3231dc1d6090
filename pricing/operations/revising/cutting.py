"""New prices take their days from the known ones: those are retracted, and what is left of them is said anew."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from kernel.period import Period
from pricing.models import Price, PriceRevision, ProposedPrice
from pricing.operations.restating import copy_of
from pricing.operations.revising.pointing import point
from pricing.queries.revisions import as_price, prices_by_key
from pricing.queries.texts import scope_key

_BATCH = 500


@dataclass(frozen=True)
class Cut:
    """What became of one row."""

    row: ProposedPrice
    price: Price
    """The new price."""
    taken_from: tuple[Price, ...]
    """Prices that held on some of its days and are retracted."""


def cut_in(
    rows: Sequence[ProposedPrice], known: Sequence[Price], *, revision: PriceRevision, at: datetime
) -> list[Cut]:
    """Put the rows into force; ``known`` are all known prices of their items, locked.

    A price loses only the days that a row of the same item and scope takes: its other days, before and after, stay
    the law as they were. Rows do not overlap each other.
    """
    by_key = prices_by_key(known)
    cuts = []
    taken_by: dict[int, list[Period]] = {}
    for row in rows:
        period = _period(row)
        touched = [price for price in by_key.get(scope_key(row), []) if period.overlaps(_period(price))]
        for price in touched:
            taken_by.setdefault(price.pk, []).append(period)
        cuts.append(Cut(row, as_price(row, revision, at=at), tuple(touched)))
    _carry_out(cuts, [price for price in known if price.pk in taken_by], taken_by, at)
    return cuts


def _carry_out(
    cuts: Sequence[Cut], retracted: Sequence[Price], taken_by: dict[int, list[Period]], at: datetime
) -> None:
    Price.objects.filter(pk__in=[price.pk for price in retracted]).update(retracted_at=at)
    left = [
        copy_of(price, rest, at=at)
        for price in retracted
        for rest in remains(_period(price), taken_by[price.pk])
    ]
    Price.objects.bulk_create([*left, *(cut.price for cut in cuts)], batch_size=_BATCH)
    for cut in cuts:
        cut.row.became = cut.price
    point("became", {cut.row.pk: cut.price.pk for cut in cuts})


def remains(whole: Period, taken: Sequence[Period]) -> Iterator[Period]:
    """The days of a period that nobody took, in order; the periods taken do not overlap."""
    begin = whole.begin
    for period in sorted(taken, key=lambda each: each.begin):
        if begin < period.begin:
            yield Period(begin, period.begin)
        if period.end is None:
            return
        begin = max(begin, period.end)
    if whole.end is None or begin < whole.end:
        yield Period(begin, whole.end)


def _period(row: Price | ProposedPrice) -> Period:
    return Period(row.effective.lower, row.effective.upper)
