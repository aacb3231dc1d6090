"""Whether the visit is described well enough, and lies where and when the schedule holds."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from kernel.errors import Text, Violation
from pricing.rules.errors import PricingRefused
from pricing.rules.lookup import regions_around
from pricing.rules.onsite.choosing import NEARER
from pricing.rules.onsite.errors import OnsiteFeeNotPublished, OutsideServedArea, VisitNotMeasured
from pricing.rules.onsite.facts import RowFact, ScheduleFact, VisitFact

_OURS = "our rule: what the fee depends on is never guessed"


def check_visit(schedule: ScheduleFact, visit: VisitFact) -> None:
    """Refuse a visit that cannot be priced before any row is looked at.

    Raises:
        OnsiteFeeNotPublished, OutsideServedArea, VisitNotMeasured: see the rules below.
    """
    checks: tuple[tuple[Iterator[Violation], type[PricingRefused]], ...] = (
        (day_violations(schedule, visit), OnsiteFeeNotPublished),
        (area_violations(schedule, visit), OutsideServedArea),
        (measure_violations(schedule, visit), VisitNotMeasured),
    )
    for violations, error in checks:
        found = tuple(violations)
        if found:
            raise error(violations=found)


def day_violations(schedule: ScheduleFact, visit: VisitFact) -> Iterator[Violation]:
    """PR-56: an on-site fee is charged only on days for which the hospital has published one.

    Source: SEED1 and 4.24 of the facts: set by the hospital itself; without a published price there is none.
    """
    day = visit.service_on
    if not (schedule.begin <= day and (schedule.end is None or day < schedule.end)):
        yield not_published()


def not_published() -> Violation:
    """The same sentence where there is no schedule at all."""
    message = _("The hospital has published no on-site fee for this day.")
    way = _("Choose another day, or ask the hospital; nothing is charged until the fee is published.")
    return Violation(
        "PR-56", message, way, field="day", source="SEED1: self-set, and never zero when not set"
    )


def two_items() -> Violation:
    """PR-51: for each part of the fee one row holds, the most specific; two alike are a refusal.

    Source: our rule: a missing price is never zero, and of two none is chosen for the hospital.
    """
    message = _("The hospital publishes on-site fees of two kinds for this day.")
    return Violation("PR-51", message, _("Say which of them is meant."), field="onsite_item", source=_OURS)


def area_violations(schedule: ScheduleFact, visit: VisitFact) -> Iterator[Violation]:
    """PR-50: a visit is charged only where the hospital's schedule has a band for it; none is a refusal.

    Source: S23, a published fee by distance that ends at the city limit.
    """
    if schedule.area_region_code not in regions_around(visit.region_code):
        message = _("The address lies outside the area to which the hospital comes.")
        yield Violation("PR-50", message, NEARER, field="area", source="S23: inside the city")


def measure_violations(schedule: ScheduleFact, visit: VisitFact) -> Iterator[Violation]:
    """PR-58: what the fee depends on is known of the visit: distance, title, minutes and persons.

    Source: our rule: what the fee depends on is never guessed.
    """
    distance, minutes = visit.distance_km, visit.duration_minutes
    if distance is None and any(_asks_distance(row) for row in schedule.rows):
        yield _missing("distance_km", _("Say how far the address is from the hospital."))
    if distance is not None and not (distance.is_finite() and distance >= 0):
        yield _missing("distance_km", _("A distance is zero or more."))
    if minutes is None and any(_asks_minutes(row) for row in schedule.rows):
        yield _missing("duration_minutes", _("Say how long the visit lasts."))
    if minutes is not None and minutes < 1:
        yield _missing("duration_minutes", _("A visit lasts one minute or more."))
    if visit.nurse_title is None and any(row.title is not None for row in schedule.rows):
        yield _missing("nurse_title", _("Say which title the nurse has."))
    if visit.persons < 1:
        yield _missing("persons", _("Somebody is cared for: one person or more."))


def _missing(field: str, message: Text) -> Violation:
    return Violation("PR-58", message, field=field, source=_OURS)


def _asks_distance(row: RowFact) -> bool:
    return row.distance_above is not None or row.distance_up_to is not None


def _asks_minutes(row: RowFact) -> bool:
    return row.minutes_above is not None or row.minutes_up_to is not None
