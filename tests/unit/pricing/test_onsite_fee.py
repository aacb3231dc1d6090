"""The on-site fee of one visit: bands, titles, time, night, holidays and further persons."""

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pricing.rules.onsite import (
    OnsiteFeeNotPublished,
    OutsideServedArea,
    Part,
    RowFact,
    ScheduleFact,
    TwoOnsiteFees,
    VisitFact,
    VisitNotMeasured,
    onsite_fee,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 16, 12, 0, tzinfo=SHANGHAI)


def base(amount: str, above: str | None = None, up_to: str | None = None, **more: Any) -> RowFact:
    return RowFact(
        Part.BASE,
        Decimal(amount),
        distance_above=None if above is None else Decimal(above),
        distance_up_to=None if up_to is None else Decimal(up_to),
        **more,
    )


ZHONGSHAN = (
    base("130", "0", "3"), base("200", "3", "5"), base("300", "5", "10"), base("550", "10")
)  # fmt: skip
"""Rows 25 to 28 of the facts (S23, grade A)."""
NIGHT = RowFact(Part.NIGHT, rate=Decimal("0.3"), begins_at=time(20), ends_at=time(8))
HOLIDAY = RowFact(Part.HOLIDAY, rate=Decimal("0.3"))
PERSON = RowFact(Part.EXTRA_PERSON, rate=Decimal("0.5"))
LONGER = RowFact(Part.FURTHER_TIME, Decimal(30), minutes_above=60, unit_minutes=30)


def schedule(*rows: RowFact, end: date | None = None) -> ScheduleFact:
    return ScheduleFact("330100", date(2026, 1, 1), end, "演示", rows)


def visit(distance: str | None = "2", **more: Any) -> VisitFact:
    said = {"starts_at": NOON, "region_code": "330106", "duration_minutes": 60, "nurse_title": "253", **more}
    return VisitFact(distance_km=None if distance is None else Decimal(distance), **said)


def amount(rows: tuple[RowFact, ...], asked: VisitFact) -> Decimal:
    return onsite_fee(schedule(*rows), asked).amount


@pytest.mark.parametrize(
    ("distance", "expected"),
    [
        ("0", "130"), ("0.01", "130"), ("3.00", "130"), ("3.01", "200"), ("5", "200"), ("5.01", "300"),
        ("10.00", "300"), ("10.01", "550"), ("38", "550"),
    ],
)  # fmt: skip
def test_a_distance_on_the_bound_belongs_to_the_nearer_band(distance: str, expected: str) -> None:
    assert amount(ZHONGSHAN, visit(distance)) == Decimal(expected)


def test_beyond_the_last_band_there_is_a_refusal_and_never_zero() -> None:
    with pytest.raises(OutsideServedArea) as refused:
        amount(ZHONGSHAN[:2], visit("5.01"))
    (violation,) = refused.value.violations
    assert (violation.rule, violation.field) == ("PR-50", "distance_km")
    assert "5.01" in str(violation.message)
    assert violation.way_on


def test_an_address_outside_the_region_is_refused_however_near() -> None:
    with pytest.raises(OutsideServedArea) as refused:
        amount(ZHONGSHAN, visit("0.5", region_code="330200"))
    assert refused.value.violations[0].rule == "PR-50"
    assert refused.value.violations[0].field == "area"


def test_zero_is_a_price() -> None:
    assert amount((base("0", "0", "3"), NIGHT), visit("1")) == 0


def test_of_rows_that_hold_the_most_specific_is_charged() -> None:
    rows = (base("100"), base("150", title="252"), base("180", "3", None, title="252"))
    assert amount(rows, visit("2", nurse_title="253")) == 100
    assert amount(rows, visit("2", nurse_title="252")) == 150
    assert amount(rows, visit("4", nurse_title="252")) == 180


def test_two_rows_of_which_neither_is_more_specific_are_refused() -> None:
    with pytest.raises(TwoOnsiteFees) as refused:
        amount((base("100", "0", "3"), base("120", title="253")), visit("2"))
    assert refused.value.violations[0].rule == "PR-51"


def test_a_title_without_a_row_is_refused_as_such() -> None:
    with pytest.raises(OutsideServedArea) as refused:
        amount((base("100", title="252"),), visit())
    assert refused.value.violations[0].field == "nurse_title"


@pytest.mark.parametrize(
    ("minutes", "expected"), [(30, "100"), (31, "140"), (60, "140")], ids=["30", "31", "60"]
)
def test_a_duration_on_the_bound_belongs_to_the_shorter_band(minutes: int, expected: str) -> None:
    rows = (base("100", minutes_up_to=30), base("140", minutes_above=30, minutes_up_to=60))
    assert amount(rows, visit(duration_minutes=minutes)) == Decimal(expected)


@pytest.mark.parametrize(("minutes", "pieces"), [(60, 0), (61, 1), (90, 1), (91, 2), (120, 2)])
def test_a_further_piece_of_time_is_charged_once_it_has_begun(minutes: int, pieces: int) -> None:
    assert amount((base("130"), LONGER), visit(duration_minutes=minutes)) == 130 + 30 * pieces


@pytest.mark.parametrize(
    ("at", "is_night"),
    [((19, 59), False), ((20, 0), True), ((23, 59), True), ((0, 0), True), ((7, 59), True), ((8, 0), False)],
)
def test_a_night_crosses_midnight_and_does_not_hold_its_end(at: tuple[int, int], is_night: bool) -> None:
    asked = visit(starts_at=datetime(2026, 3, 16, *at, tzinfo=SHANGHAI))
    assert amount((base("100"), NIGHT), asked) == (130 if is_night else 100)


def test_a_night_within_one_day_is_a_plain_stretch() -> None:
    early = RowFact(Part.NIGHT, Decimal(20), begins_at=time(5), ends_at=time(7))
    assert amount((base("100"), early), visit(starts_at=datetime(2026, 3, 16, 5, tzinfo=SHANGHAI))) == 120
    assert amount((base("100"), early), visit(starts_at=datetime(2026, 3, 16, 7, tzinfo=SHANGHAI))) == 100
    assert amount((base("100"), early), visit(starts_at=datetime(2026, 3, 16, 23, tzinfo=SHANGHAI))) == 100


def test_the_clock_of_the_patient_is_that_of_shanghai() -> None:
    utc = visit(starts_at=datetime(2026, 3, 16, 12, 0, tzinfo=ZoneInfo("UTC")))  # 20:00 in Shanghai
    assert amount((base("100"), NIGHT), utc) == 130


def test_additions_are_computed_on_the_base_and_summed() -> None:
    late = visit("4", starts_at=NOON.replace(hour=21), is_holiday=True, persons=3, duration_minutes=100)
    fee = onsite_fee(schedule(*ZHONGSHAN, NIGHT, HOLIDAY, PERSON, LONGER), late)
    # base 200; 2 pieces × 30; night 30 % = 60; holiday 30 % = 60; 2 persons × 50 % = 200
    assert [step.amount for step in fee.steps] == [200, 60, 60, 60, 200]
    assert fee.amount == 580


def test_an_addition_may_depend_on_distance_and_title() -> None:
    near = RowFact(Part.NIGHT, Decimal(50), distance_up_to=Decimal(3), begins_at=time(20), ends_at=time(8))
    late = NOON.replace(hour=22)
    assert amount((*ZHONGSHAN, near), visit("2", starts_at=late)) == 180
    assert amount((*ZHONGSHAN, near), visit("4", starts_at=late)) == 200


def test_the_steps_say_in_both_languages_what_was_added() -> None:
    late = visit("4", starts_at=NOON.replace(hour=21), is_holiday=True, persons=2, duration_minutes=100)
    fee = onsite_fee(schedule(*ZHONGSHAN, NIGHT, HOLIDAY, PERSON, LONGER), late)
    assert fee.steps[0].text == "上门服务费：超过 3 公里，至 5 公里"
    assert fee.steps[0].text_en == "On-site fee: over 3 to 5 km"
    assert fee.steps[2].text == "夜间上门：20:00 至次日 08:00"
    assert fee.steps[2].note_en == "30% of the base fee"
    assert all(step.text and step.text_en for step in fee.steps)


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"distance": None}, "distance_km"),
        ({"duration_minutes": None}, "duration_minutes"),
        ({"duration_minutes": 0}, "duration_minutes"),
        ({"nurse_title": None}, "nurse_title"),
        ({"persons": 0}, "persons"),
        ({"distance": "-1"}, "distance_km"),
        ({"distance": "NaN"}, "distance_km"),
    ],
)
def test_what_the_fee_depends_on_is_never_guessed(missing: dict[str, Any], field: str) -> None:
    rows = (*ZHONGSHAN, base("400", title="251"), LONGER)
    with pytest.raises(VisitNotMeasured) as refused:
        amount(rows, visit(**missing))
    assert [(one.rule, one.field) for one in refused.value.violations] == [("PR-58", field)]


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2026, 7, 1)])
def test_a_day_without_a_published_fee_is_refused(day: date) -> None:
    asked = visit(starts_at=datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI))
    with pytest.raises(OnsiteFeeNotPublished) as refused:
        onsite_fee(schedule(*ZHONGSHAN, end=date(2026, 7, 1)), asked)
    assert refused.value.violations[0].rule == "PR-56"


def test_the_first_and_the_last_day_have_a_fee() -> None:
    for day in (date(2026, 1, 1), date(2026, 6, 30)):
        asked = visit(starts_at=datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI))
        assert onsite_fee(schedule(*ZHONGSHAN, end=date(2026, 7, 1)), asked).amount == 130


def test_a_row_without_an_amount_cannot_be() -> None:
    with pytest.raises(ValueError, match="amount"):
        RowFact(Part.BASE)
    with pytest.raises(ValueError, match="amount"):
        RowFact(Part.BASE, rate=Decimal("0.5"))


def test_the_worked_table_of_the_documentation_is_what_the_rule_says() -> None:
    page = Path(__file__).resolve().parents[3] / "docs" / "algorithms" / "pricing.md"
    below = page.read_text(encoding="utf-8").split("## Home nursing", 1)[1].split("\n## ", 1)[0]
    cells = [line.strip("| ").split(" | ") for line in below.splitlines() if line.startswith("| ")][1:]
    rows = (
        base("140", "3", "5"), base("360", "5", "20"), LONGER, NIGHT,
        RowFact(Part.HOLIDAY, rate=Decimal("0.5")), RowFact(Part.EXTRA_PERSON, rate=Decimal("0.4")),
    )  # fmt: skip
    for distance, starts, minutes, persons, holiday, *steps, whole in cells:
        hour, minute = map(int, starts.split(":"))
        asked = visit(
            distance, starts_at=NOON.replace(hour=hour, minute=minute), duration_minutes=int(minutes),
            persons=int(persons), is_holiday=holiday == "yes",
        )  # fmt: skip
        if whole.startswith("refused"):
            with pytest.raises(OutsideServedArea):
                amount(rows, asked)
            continue
        fee = onsite_fee(schedule(*rows), asked)
        assert [step.amount for step in fee.steps] == [Decimal(step) for step in steps if step != "–"]
        assert fee.amount == Decimal(whole)
    assert len(cells) == 5
