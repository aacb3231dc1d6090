"""Whether the bands of a schedule cover every visit once.

Bands are ``(above, up_to]``, so between two neighbouring bounds nothing changes: one visit at each bound, and one
beyond the last, stand for all visits.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time
from decimal import Decimal
from itertools import product

from django.utils.translation import gettext_lazy as _

from kernel.errors import Text, Violation
from pricing.rules.onsite.choosing import matches, most_specific
from pricing.rules.onsite.facts import SHANGHAI, Part, RowFact, VisitFact
from pricing.rules.wording import plain

_SOURCE = "S23: bands (0, 3], (3, 5], (5, 10] and beyond, inside the city"
_OTHER_TITLE = ""
"""A title that no row names."""


def band_violations(rows: Sequence[RowFact]) -> Iterator[Violation]:
    """PR-53: bands neither overlap nor leave a gap, from zero to the last bound of each title.

    Source: S23, bands (0, 3], (3, 5], (5, 10] and beyond.
    """
    messages = [*_empty(rows), *_overlaps(rows), *_gaps([row for row in rows if row.part is Part.BASE])]
    for message in messages:
        yield Violation("PR-53", message, field="rows", source=_SOURCE)


def _empty(rows: Sequence[RowFact]) -> Iterator[Text]:
    for number, row in enumerate(rows, start=1):
        bounds = ((row.distance_above, row.distance_up_to), (row.minutes_above, row.minutes_up_to))
        if any(up_to is not None and up_to <= (above or 0) for above, up_to in bounds):
            yield _("Row %(number)d: “up to” comes after “more than”.") % {"number": number}


def _overlaps(rows: Sequence[RowFact]) -> Iterator[Text]:
    """Each pair of rows that hold for one visit, neither the more specific, once."""
    pairs: set[tuple[int, int]] = set()
    for part in Part:
        of_part = [row for row in rows if row.part is part]
        for visit in _visits(of_part):
            best = most_specific(row for row in of_part if matches(row, visit))
            numbers = [number for number, row in enumerate(rows, start=1) if any(row is one for one in best)]
            if len(numbers) > 1:
                pairs.add((numbers[0], numbers[1]))
    for one, other in sorted(pairs):
        yield _("Rows %(one)d and %(other)d hold for the same visits.") % {"one": one, "other": other}


def _gaps(rows: Sequence[RowFact]) -> Iterator[Text]:
    distances, minutes, titles = _distances(rows), _minutes(rows), _titles(rows)
    found: set[tuple[bool, Decimal, Decimal]] = set()
    for title, minute in product(titles, minutes):
        held = [_is_held(rows, distance, minute, title) for distance in distances]
        found |= {(True, begin, end) for begin, end in _missing(distances, held)}
    for title, distance in product(titles, distances):
        held = [_is_held(rows, distance, minute, title) for minute in minutes]
        found |= {(False, begin, end) for begin, end in _missing([Decimal(one) for one in minutes], held)}
    for is_distance, begin, end in sorted(found, key=lambda gap: (not gap[0], gap[1:])):
        shown = {"begin": plain(begin), "end": plain(end)}
        by_distance = _("No fee is set for visits between %(begin)s and %(end)s km.")
        by_time = _("No fee is set for visits between %(begin)s and %(end)s minutes.")
        yield (by_distance if is_distance else by_time) % shown


def _missing(points: Sequence[Decimal], held: Sequence[bool]) -> Iterator[tuple[Decimal, Decimal]]:
    """Stretches without a fee below the last that has one."""
    last = max((number for number, is_held in enumerate(held) if is_held), default=0)
    for number in range(last):
        if not held[number]:
            yield (points[number - 1] if number else Decimal(0)), points[number]


def _is_held(rows: Sequence[RowFact], distance: Decimal, minutes: int, title: str) -> bool:
    visit = _visit(distance, minutes, title, time(12))
    return any(matches(row, visit) for row in rows)


def _visits(rows: Sequence[RowFact]) -> Iterator[VisitFact]:
    """One visit for each combination of measures that a row tells apart."""
    nights = sorted({row.begins_at for row in rows if row.begins_at is not None}) or [time(12)]
    for distance, minutes, title, at in product(_distances(rows), _minutes(rows), _titles(rows), nights):
        yield _visit(distance, minutes, title, at)


def _visit(distance: Decimal, minutes: int, title: str, at: time) -> VisitFact:
    return VisitFact(
        starts_at=datetime(2026, 1, 1, at.hour, at.minute, tzinfo=SHANGHAI),
        region_code="000000",
        distance_km=distance,
        nurse_title=title,
        duration_minutes=minutes,
        persons=2,
        is_holiday=True,
    )


def _distances(rows: Sequence[RowFact]) -> list[Decimal]:
    return _points(bound for row in rows for bound in (row.distance_above, row.distance_up_to))


def _minutes(rows: Sequence[RowFact]) -> list[int]:
    bounds = [bound for row in rows for bound in (row.minutes_above, row.minutes_up_to)]
    return [int(point) for point in _points(None if bound is None else Decimal(bound) for bound in bounds)]


def _points(bounds: Iterable[Decimal | None]) -> list[Decimal]:
    """Every bound above zero, and one point beyond them all; in order."""
    known = sorted({bound for bound in bounds if bound})
    return [*known, (known[-1] if known else Decimal(0)) + 1]


def _titles(rows: Sequence[RowFact]) -> list[str]:
    return sorted({row.title for row in rows if row.title is not None} | {_OTHER_TITLE})
