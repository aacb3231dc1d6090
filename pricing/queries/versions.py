"""Old beside new: a revision and the prices in force, or two versions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pricing.models import Price, PriceItem, PriceRevision, ProposedPrice
from pricing.queries.texts import ScopeKey, compared, scope_key, texts_of
from pricing.rules.kinds import AmountKind
from pricing.states import RevisionState

Row = Price | ProposedPrice
_BY_AMOUNT = {AmountKind.FIXED, AmountKind.HOURLY, AmountKind.BASE_AND_FURTHER}
_DAYS = {"begins_on", "last_on"}


class Change(StrEnum):
    """What becomes of a scope."""

    NEW = "new"
    GONE = "gone"
    RAISED = "raised"
    LOWERED = "lowered"
    OTHER = "other"
    """The terms differ, but not by one amount that could be compared."""
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Difference:
    """One scope of one item."""

    item: PriceItem
    old: Row | None
    new: Row | None
    change: Change
    by_amount: Decimal | None = None
    """Yuan for one unit, new less old; only where both say one amount in the same way."""
    by_rate: Decimal | None = None
    """Fraction of the old amount; None where that is zero."""
    columns: tuple[str, ...] = ()
    """Keys of the columns that differ, days left out."""

    @property
    def region_code(self) -> str:
        """Where it holds."""
        present = self.new or self.old
        return present.region_code if present else ""


def differences_to_force(
    revision: PriceRevision, rows: Sequence[ProposedPrice], known: Mapping[ScopeKey, Sequence[Price]]
) -> list[Difference]:
    """Each row beside the price that it replaces: as known now, or as known when it was published."""
    is_law = revision.state in {RevisionState.PUBLISHED, RevisionState.SUPERSEDED}
    found = []
    for row in rows:
        held = [each for each in known.get(scope_key(row), ()) if row.effective.lower in each.effective]
        old = row.replaces if is_law else next(iter(held), None)
        found.append(_difference(old, row))
    return found


def differences_between(earlier: Iterable[ProposedPrice], later: Iterable[ProposedPrice]) -> list[Difference]:
    """Two versions by item and scope, in the order of the items; of several rows of a scope the last days count."""
    olds = {scope_key(row): row for row in sorted(earlier, key=_begin)}
    news = {scope_key(row): row for row in sorted(later, key=_begin)}
    found = [_difference(olds.get(key), news.get(key)) for key in {**olds, **news}]
    return sorted(found, key=lambda each: (each.item.code, each.region_code))


def _begin(row: ProposedPrice) -> date:
    day: date = row.effective.lower
    return day


def _difference(old: Row | None, new: Row | None) -> Difference:
    if old is None or new is None:
        present = new or old
        if present is None:
            raise ValueError("a difference is of something")
        return Difference(present.item, old, new, Change.NEW if old is None else Change.GONE)
    columns = _differing(old, new)
    before, after = _one_amount(old), _one_amount(new)
    if not columns:
        return Difference(new.item, old, new, Change.SAME)
    if before is None or after is None or old.kind != new.kind or before == after:
        return Difference(new.item, old, new, Change.OTHER, columns=columns)
    by = after - before
    rate = by / before if before else None
    return Difference(new.item, old, new, Change.RAISED if by > 0 else Change.LOWERED, by, rate, columns)


def _differing(old: Row, new: Row) -> tuple[str, ...]:
    mine, its = compared(texts_of(old)), compared(texts_of(new))
    return tuple(key for key in {**mine, **its} if key not in _DAYS and mine.get(key) != its.get(key))


def _one_amount(row: Row) -> Decimal | None:
    """Yuan for one unit, where the kind says one amount."""
    one: Decimal | None = row.maximum_amount if row.kind == AmountKind.CEILING else None
    return row.amount if row.kind in _BY_AMOUNT else one
