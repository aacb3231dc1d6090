"""What holds of every on-site fee, whatever the schedule and the visit."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from pricing.rules import PricingRefused
from pricing.rules.onsite import OnsiteFee, Part, RowFact, ScheduleFact, VisitFact, onsite_fee
from pricing.rules.onsite.covering import band_violations
from pricing.rules.onsite.fee import ADDITIONS

BEGIN = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
YUAN = st.decimals("0", "999", places=2)
RATES = st.decimals("0", "2", places=6)
KILOMETRES = st.decimals("0", "20", places=2)
TITLES = st.sampled_from(["251", "252", "253", None])
TIMES = st.times(max_value=time(23, 59)).map(lambda at: at.replace(second=0, microsecond=0))


@st.composite
def base_rows(draw: st.DrawFn) -> tuple[RowFact, ...]:
    """Adjacent bands of distance from zero, the last one open or not."""
    bounds = sorted(draw(st.sets(st.decimals("0.01", "20", places=2), max_size=4)))
    ends: list[Decimal | None] = [*bounds, None] if draw(st.booleans()) or not bounds else [*bounds]
    rows, above = [], Decimal(0)
    for up_to in ends:
        rows.append(RowFact(Part.BASE, draw(YUAN), distance_above=above, distance_up_to=up_to))
        above = up_to or above
    return tuple(rows)


@st.composite
def addition(draw: st.DrawFn, part: Part) -> RowFact:
    by_rate = draw(st.booleans())
    return RowFact(
        part,
        amount=None if by_rate else draw(YUAN),
        rate=draw(RATES) if by_rate else None,
        minutes_above=draw(st.integers(0, 120)) if part is Part.FURTHER_TIME else None,
        unit_minutes=draw(st.integers(1, 60)) if part is Part.FURTHER_TIME else None,
        begins_at=draw(TIMES) if part is Part.NIGHT else None,
        ends_at=draw(TIMES) if part is Part.NIGHT else None,
    )


@st.composite
def schedules(draw: st.DrawFn) -> ScheduleFact:
    parts = draw(st.sets(st.sampled_from(ADDITIONS)))
    rows = (*draw(base_rows()), *(draw(addition(part)) for part in sorted(parts)))
    return ScheduleFact("330100", date(2026, 1, 1), None, "演示", rows)


VISITS = st.builds(
    VisitFact,
    starts_at=st.integers(0, 500_000).map(lambda minutes: BEGIN + timedelta(minutes=minutes)),
    region_code=st.just("330106"),
    distance_km=KILOMETRES,
    nurse_title=TITLES,
    duration_minutes=st.integers(1, 600),
    persons=st.integers(1, 5),
    is_holiday=st.booleans(),
)


def fee_or_refusal(schedule: ScheduleFact, visit: VisitFact) -> OnsiteFee | str:
    try:
        return onsite_fee(schedule, visit)
    except PricingRefused as refusal:
        return refusal.code if refusal.violations else ""


@given(schedules(), VISITS)
def test_the_steps_sum_exactly_to_the_amount_in_whole_fen(schedule: ScheduleFact, visit: VisitFact) -> None:
    fee = fee_or_refusal(schedule, visit)
    if isinstance(fee, OnsiteFee):
        assert sum(step.amount for step in fee.steps) == fee.amount
        assert all(step.amount == step.amount.quantize(Decimal("0.01")) for step in fee.steps)
        assert fee.amount >= fee.steps[0].amount


@given(schedules(), VISITS, st.randoms())
def test_the_order_of_the_rows_changes_nothing(
    schedule: ScheduleFact, visit: VisitFact, chance: object
) -> None:
    rows = list(schedule.rows)
    chance.shuffle(rows)  # type: ignore[attr-defined]
    other = ScheduleFact("330100", schedule.begin, None, "演示", tuple(rows))
    assert fee_or_refusal(other, visit) == fee_or_refusal(schedule, visit)


@given(schedules(), VISITS)
def test_each_addition_is_what_it_would_be_alone(schedule: ScheduleFact, visit: VisitFact) -> None:
    """Nothing is compounded: the whole is the base plus the sum of each addition by itself."""
    whole = fee_or_refusal(schedule, visit)
    if not isinstance(whole, OnsiteFee):
        return
    bases = tuple(row for row in schedule.rows if row.part is Part.BASE)

    def fee_with(*rows: RowFact) -> Decimal:
        return onsite_fee(ScheduleFact("330100", schedule.begin, None, "演示", (*bases, *rows)), visit).amount

    base = fee_with()
    alone = sum((fee_with(row) - base for row in schedule.rows if row.part is not Part.BASE), Decimal(0))
    assert whole.amount == base + alone


@given(schedules(), KILOMETRES)
def test_adjacent_bands_pass_the_check_and_price_every_distance_once(
    schedule: ScheduleFact, distance: Decimal
) -> None:
    bases = tuple(row for row in schedule.rows if row.part is Part.BASE)
    assert list(band_violations(bases)) == []
    holding = [
        row for row in bases
        if (not row.distance_above or distance > row.distance_above)
        and (row.distance_up_to is None or distance <= row.distance_up_to)
    ]  # fmt: skip
    visit = VisitFact(datetime(2026, 3, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai")), "330100", distance)
    fee = fee_or_refusal(ScheduleFact("330100", date(2026, 1, 1), None, "演示", bases), visit)
    assert len(holding) == 1 or fee == "outside_served_area"
    if holding:
        assert isinstance(fee, OnsiteFee)
        assert fee.amount == holding[0].amount
