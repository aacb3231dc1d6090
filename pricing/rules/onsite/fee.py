"""The on-site fee of one visit: the base and what is added to it."""

from collections.abc import Iterator
from decimal import Decimal

from kernel.money import ZERO, to_yuan
from pricing.rules.facts import Step
from pricing.rules.onsite.asking import check_visit
from pricing.rules.onsite.choosing import base_row, the_row
from pricing.rules.onsite.facts import OnsiteFee, Part, RowFact, ScheduleFact, VisitFact
from pricing.rules.onsite.wording import step_of

ADDITIONS = (Part.FURTHER_TIME, Part.NIGHT, Part.HOLIDAY, Part.EXTRA_PERSON)
"""In the order in which they are told; each is computed on the base, so the order changes nothing."""


def onsite_fee(schedule: ScheduleFact, visit: VisitFact) -> OnsiteFee:
    """The fee of one visit: the base row's amount, and each addition computed on the base and summed.

    Nothing is compounded: 30 % by night and 20 % on a holiday are 50 % of the base. Each step is rounded half
    up to the fen, so the steps sum to ``amount`` exactly. Zero is a price; no row is a refusal.

    Raises:
        OnsiteFeeNotPublished: the schedule does not hold on the day of the visit (PR-56).
        OutsideServedArea: the address lies outside the area, or no band covers the visit (PR-50).
        VisitNotMeasured: distance, title, minutes or persons are missing or no measure (PR-58).
        TwoOnsiteFees: two rows hold and neither is the more specific (PR-51).

    Source: S23 (bands of distance); S47 (surcharges for holidays and further work, summed by our choice as the
    national guides do it for surcharges); rounding of each step is our choice.
    """
    check_visit(schedule, visit)
    base = base_row(schedule, visit)
    base_amount = to_yuan(base.amount or ZERO)
    steps = (step_of(base, 1, base_amount), *_additions(schedule, visit, base_amount))
    return OnsiteFee(sum((step.amount for step in steps), ZERO), steps)


def _additions(schedule: ScheduleFact, visit: VisitFact, base_amount: Decimal) -> Iterator[Step]:
    for part in ADDITIONS:
        row = the_row(schedule, visit, part)
        if row is not None:
            times = times_of(row, visit)
            yield step_of(row, times, to_yuan(_each(row, base_amount) * times))


def times_of(row: RowFact, visit: VisitFact) -> int:
    """How many times the addition is charged: started pieces of time, or persons after the first; else once."""
    if row.part is Part.EXTRA_PERSON:
        return visit.persons - 1
    if row.part is Part.FURTHER_TIME and row.unit_minutes and visit.duration_minutes is not None:
        beyond = visit.duration_minutes - (row.minutes_above or 0)
        return -(-beyond // row.unit_minutes)
    return 1


def _each(row: RowFact, base_amount: Decimal) -> Decimal:
    return base_amount * row.rate if row.rate is not None else row.amount or ZERO
