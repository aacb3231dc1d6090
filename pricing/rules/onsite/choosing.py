"""Which row of the schedule holds for a visit."""

from collections.abc import Iterable
from datetime import time
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.errors import Text, Violation
from pricing.rules.onsite.errors import OutsideServedArea, TwoOnsiteFees
from pricing.rules.onsite.facts import Part, RowFact, ScheduleFact, VisitFact

_OURS = "our rule: a missing price is never zero"
NEARER = _("Come to the hospital, or ask a hospital or community health centre nearer to you.")
"""What somebody does whom the hospital does not reach."""
_SELF_SET = "S23: bands (a, b] within the city; SEED1: the hospital sets the fee itself"


def base_row(schedule: ScheduleFact, visit: VisitFact) -> RowFact:
    """PR-50: a visit is charged only where the hospital's schedule has a band for it; none is a refusal.

    Raises:
        OutsideServedArea: no base row covers distance, title and duration.
        TwoOnsiteFees: see ``the_row``.

    Source: S23, a published fee by distance that ends at the city limit.
    """
    found = the_row(schedule, visit, Part.BASE)
    if found is not None:
        return found
    bases = [row for row in schedule.rows if row.part is Part.BASE]
    is_too_far = not any(_is_near(row, visit.distance_km) for row in bases)
    message = (
        _too_far(visit) if is_too_far else _("The schedule has no fee for this nurse and length of visit.")
    )
    field = "distance_km" if is_too_far else "nurse_title"
    raise OutsideServedArea(violations=[Violation("PR-50", message, NEARER, field=field, source=_SELF_SET)])


def the_row(schedule: ScheduleFact, visit: VisitFact, part: Part) -> RowFact | None:
    """PR-51: for each part of the fee one row holds, the most specific; two alike are a refusal.

    A row beats another when it asks for everything the other asks for (distance, title, duration) and more.
    None where no row of the part matches.

    Raises:
        TwoOnsiteFees: two rows hold and neither beats the other.

    Source: our rule: a missing price is never zero, and of two none is chosen for the hospital.
    """
    holding = [row for row in schedule.rows if row.part is part and matches(row, visit)]
    best = most_specific(holding)
    if len(best) <= 1:
        return best[0] if best else None
    message = _("The on-site fee of the document %(number)s has two rows for this visit.")
    way = _("The price office must say which of them holds.")
    raise TwoOnsiteFees(
        violations=[Violation("PR-51", message % {"number": schedule.document_number}, way, source=_OURS)]
    )


def most_specific(rows: Iterable[RowFact]) -> tuple[RowFact, ...]:
    """The rows that no other beats, in the order given."""
    known = tuple(rows)
    asked = [conditions(row) for row in known]
    return tuple(
        row
        for row, mine in zip(known, asked, strict=True)
        if not any(other != mine and all(map(int.__ge__, other, mine)) for other in asked)
    )


def conditions(row: RowFact) -> tuple[int, int, int]:
    """Whether it asks for distance, title, duration; the time after which further time counts is no condition."""
    by_minutes = row.minutes_above if row.part is not Part.FURTHER_TIME else None
    return (
        int(row.distance_above is not None or row.distance_up_to is not None),
        int(row.title is not None),
        int(by_minutes is not None or row.minutes_up_to is not None),
    )


def matches(row: RowFact, visit: VisitFact) -> bool:
    """Whether all conditions of the row hold for the visit."""
    return (
        _is_near(row, visit.distance_km)
        and row.title in {None, visit.nurse_title}
        and in_band(visit.duration_minutes, row.minutes_above, row.minutes_up_to)
        and _is_its_time(row, visit)
    )


def in_band(value: Decimal | int | None, above: Decimal | int | None, up_to: Decimal | int | None) -> bool:
    """Whether a measure lies in ``(above, up_to]``; zero is no lower bound, so that "up to 3 km" holds the door."""
    if value is None:
        return above is None and up_to is None
    return (not above or value > above) and (up_to is None or value <= up_to)


def is_night(at: time, begins_at: time, ends_at: time) -> bool:
    """Whether a time of day lies in ``[begins_at, ends_at)``, across midnight where the end comes first."""
    if begins_at < ends_at:
        return begins_at <= at < ends_at
    return at >= begins_at or at < ends_at


def _is_near(row: RowFact, distance_km: Decimal | None) -> bool:
    return in_band(distance_km, row.distance_above, row.distance_up_to)


def _is_its_time(row: RowFact, visit: VisitFact) -> bool:
    if row.part is Part.HOLIDAY:
        return visit.is_holiday
    if row.part is Part.EXTRA_PERSON:
        return visit.persons > 1
    if row.part is Part.NIGHT and row.begins_at is not None and row.ends_at is not None:
        return is_night(visit.start_time, row.begins_at, row.ends_at)
    return True


def _too_far(visit: VisitFact) -> Text:
    return _("The hospital does not come as far as %(distance)s km.") % {"distance": visit.distance_km}
