"""What pages show of days and differences, ready to be written down."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.utils.translation import gettext as _

from kernel.errors import Text
from kernel.money import ZERO
from reconciliation.models import Comparison, Difference, ReconciliationEntry
from reconciliation.pages.words import (
    COMPARISONS,
    DIFFERENCES,
    KIND_ICONS,
    SECOND_PERSON,
    TITLES,
    Badge,
    status_in_words,
)
from reconciliation.queries.days import KindSums
from reconciliation.rules.kinds import CHANNELS, Kind, Source
from reconciliation.rules.parts import Parts
from reconciliation.states import ComparisonState, DifferenceState

LATE_DAYS = 3
"""An open difference older than this is late."""

# The worst state of a day's comparisons is the day's.
_WORST = (
    ComparisonState.DIFFERING,
    ComparisonState.UNREACHED,
    ComparisonState.RUNNING,
    ComparisonState.WAITING,
    ComparisonState.CLEARED,
    ComparisonState.BALANCED,
)


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day of the month's strip."""

    day: date
    look: str
    """even, off, wait, none."""
    words: str
    active_count: int
    is_today: bool


@dataclass(frozen=True, slots=True)
class SourceCell:
    """One source of a day; of several institutions the worst."""

    badge: Badge | None
    active_count: int


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day of the list, its sources in their order."""

    day: date
    sources: tuple[SourceCell, ...]
    active_count: int
    active_amount: Decimal
    """Yuan of what is not closed, by the sizes of the gaps."""


def in_order(comparisons: Iterable[Comparison]) -> list[Comparison]:
    """The insurer first, then the channel, then our bills."""
    order = list(Source)
    return sorted(comparisons, key=lambda each: (order.index(Source(each.source)), each.institution_id or 0))


def worst_of(comparisons: Iterable[Comparison]) -> ComparisonState | None:
    """The state that says most; None when nothing is open for comparing."""
    states = {ComparisonState(each.state) for each in comparisons}
    return next((state for state in _WORST if state in states), None)


def _active(comparisons: Iterable[Comparison]) -> int:
    return sum(each.active_count for each in comparisons)  # type: ignore[attr-defined]  # annotated


def month_strip(month: date, comparisons: Sequence[Comparison], today: date) -> list[DayCell]:
    """Every day of the month until today."""
    by_day: dict[date, list[Comparison]] = {}
    for each in comparisons:
        by_day.setdefault(each.day, []).append(each)
    days = (month.replace(day=number) for number in range(1, monthrange(month.year, month.month)[1] + 1))
    return [_cell(day, by_day.get(day, []), today) for day in days if day <= today]


def _cell(day: date, comparisons: Sequence[Comparison], today: date) -> DayCell:
    state = worst_of(comparisons)
    looks = {
        None: "none",
        ComparisonState.DIFFERING: "off",
        ComparisonState.BALANCED: "even",
        ComparisonState.CLEARED: "even",
    }
    words = str(COMPARISONS[state].word) if state else _("not opened")
    return DayCell(day, looks.get(state, "wait"), words, _active(comparisons), day == today)


def day_rows(comparisons: Sequence[Comparison]) -> list[DayRow]:
    """One row for each day, the newest first; ``comparisons`` come in that order."""
    rows = []
    for day, found in groupby(comparisons, key=lambda each: each.day):
        of_day = list(found)
        cells = tuple(_source_cell([each for each in of_day if each.source == source]) for source in Source)
        amount = sum((each.active_amount for each in of_day), ZERO)  # type: ignore[attr-defined]  # annotated
        rows.append(DayRow(day, cells, _active(of_day), amount))
    return rows


def _source_cell(comparisons: Sequence[Comparison]) -> SourceCell:
    state = worst_of(comparisons)
    return SourceCell(COMPARISONS[state] if state else None, _active(comparisons))


@dataclass(frozen=True, slots=True)
class KindLine:
    """What waits of one kind, with its age."""

    sums: KindSums
    title: Text
    icon: str
    age_days: int
    is_late: bool


def kind_lines(found: Iterable[KindSums], today: date) -> list[KindLine]:
    """As the overview shows them."""
    return [
        KindLine(
            each, TITLES[each.kind], KIND_ICONS[each.kind], age := (today - each.oldest).days, age > LATE_DAYS
        )
        for each in found
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """A difference in a list; ``gap`` is theirs less ours, in yuan."""

    row: Difference
    title: Text
    icon: str
    gap: Decimal
    badge: Badge
    age_days: int
    is_late: bool


def line_of(row: Difference, today: date) -> Line:
    """How a list shows it."""
    kind, age = Kind(row.kind), (today - row.comparison.day).days
    late = age > LATE_DAYS and row.state != DifferenceState.CLOSED
    return Line(row, TITLES[kind], KIND_ICONS[kind], row.gap.total, badge_of(row), age, late)


def badge_of(row: Difference) -> Badge:
    """Its state; what waits for a second person says so."""
    return SECOND_PERSON if row.waits_for_second_person else DIFFERENCES[DifferenceState(row.state)]


@dataclass(frozen=True, slots=True)
class Pair:
    """A row of both sides; an amount is None where that side holds nothing."""

    name: str
    ours: Decimal | None
    theirs: Decimal | None
    gap: Decimal
    booked: Decimal


def pairs_of(row: Difference, booked: Parts) -> list[Pair]:
    """Total, fund, personal account and cash; the channel knows only the total."""
    ours, theirs, gap = row.ours, row.theirs, row.gap
    whole = Pair(
        _("Total"), ours.total if ours else None, theirs.total if theirs else None, gap.total, booked.total
    )
    if row.comparison.source in CHANNELS:
        return [whole]
    names = (("fund", _("Fund")), ("account", _("Personal account")), ("cash", _("Cash by the patient")))
    parts = [
        Pair(
            name,
            getattr(ours, part) if ours else None,
            getattr(theirs, part) if theirs else None,
            getattr(gap, part),
            getattr(booked, part),
        )
        for part, name in names
    ]
    return [whole, *parts]


@dataclass(frozen=True, slots=True)
class Told:
    """An entry in the timeline."""

    entry: ReconciliationEntry
    node: str
    who: str
    booked: Decimal


_NODES = {"found": "failed", "changed": "failed", "reopened": "failed", "closed": "done", "dissolved": "done"}


def told(entries: Iterable[ReconciliationEntry]) -> list[Told]:
    """The ledger of a difference as a timeline."""
    return [
        Told(
            entry,
            _NODES.get(entry.act, "done"),
            entry.by.display_name if entry.by else _("by itself"),
            entry.fund_amount + entry.account_amount + entry.cash_amount,
        )
        for entry in entries
    ]


def statuses_of(row: Difference) -> tuple[str, str]:
    """The status on either side, in words."""
    return status_in_words(row.our_state), status_in_words(row.their_state)
