"""Rules against fraud: each side of each threshold."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from screening.rules import check
from screening.rules.facts import EarlierItem, Presence
from screening.rules.kinds import Kind
from tests.factories.screening import AT, ON, OTHER_HOSPITAL, around, fact, line, order

HERE = "H33010000001"


def supply(days_ago: int, days: int, institution: str = HERE) -> EarlierItem:
    return EarlierItem(
        line().national_code,
        line().name,
        "",
        institution,
        "另一家医院",
        ON - timedelta(days=days_ago),
        days=days,
    )


@pytest.mark.parametrize(("days", "is_found"), [(28, True), (20, False)])
def test_the_same_medicine_from_another_institution_counts_while_it_lasts(days: int, is_found: bool) -> None:
    before = supply(20, days, OTHER_HOSPITAL)
    said = check(order(earlier=(before,)), around(fact(Kind.ELSEWHERE)))
    assert bool(said) is is_found


def test_the_same_medicine_from_here_is_not_from_elsewhere() -> None:
    assert check(order(earlier=(supply(20, 28),)), around(fact(Kind.ELSEWHERE))) == ()


@pytest.mark.parametrize(("left", "is_found"), [(8, True), (7, False)])
def test_more_than_seven_days_left_are_told(left: int, is_found: bool) -> None:
    said = check(order(earlier=(supply(20, 20 + left),)), around(fact(Kind.REMAINING)))
    assert bool(said) is is_found


def here(**fields) -> Presence:
    named: dict[str, Any] = {"at": AT, "region_code": "330106", "place": "本院"}
    return Presence(**(named | fields))


@pytest.mark.parametrize(
    ("region", "minutes", "is_found"),
    [("110105", 59, True), ("110105", 60, False), ("330102", 10, False)],
)
def test_another_city_within_the_hour_is_impossible_and_another_district_is_not(
    region, minutes, is_found
) -> None:
    before = here(at=AT - timedelta(minutes=minutes), region_code=region, place="外地医院")
    said = check(order(here=here(), elsewhere=(before,)), around(fact(Kind.TRAVEL)))
    assert bool(said) is is_found


@pytest.mark.parametrize(("minutes", "is_found"), [(60, True), (300, False)])
def test_with_positions_the_speed_counts(minutes: int, is_found: bool) -> None:
    """Hangzhou and Beijing are about 1,120 km apart: not in one hour at 300 km/h, but in five."""
    now = here(latitude=Decimal("30.27"), longitude=Decimal("120.15"))
    before = here(
        at=AT - timedelta(minutes=minutes),
        region_code="330106",
        latitude=Decimal("39.90"),
        longitude=Decimal("116.40"),
    )
    said = check(order(here=now, elsewhere=(before,)), around(fact(Kind.TRAVEL)))
    assert bool(said) is is_found


def test_online_nobody_knows_where_she_is() -> None:
    before = here(at=AT - timedelta(minutes=1), region_code="110105")
    assert check(order(elsewhere=(before,)), around(fact(Kind.TRAVEL))) == ()


@pytest.mark.parametrize(("patients", "is_found"), [(5, False), (6, True)])
def test_a_device_may_serve_a_family(patients: int, is_found: bool) -> None:
    assert bool(check(order(), around(fact(Kind.DEVICE), patients_of_device=patients))) is is_found


@pytest.mark.parametrize(
    ("signed", "is_found"), [((10, 20), False), ((10, 20, 59), True), ((10, 20, 60), False)]
)
def test_the_fourth_prescription_within_a_minute_is_told(signed, is_found: bool) -> None:
    moments = tuple(AT - timedelta(seconds=seconds) for seconds in signed)
    assert bool(check(order(), around(fact(Kind.PACE), signed_at=moments))) is is_found


def test_a_trace_code_is_told_when_it_was_sold_or_is_scanned_twice() -> None:
    rule = fact(Kind.TRACE_CODE)
    assert check(order(trace_codes=("81", "82")), around(rule)) == ()
    assert len(check(order(trace_codes=("81", "82")), around(rule, used_codes=frozenset({"82"})))) == 1
    assert len(check(order(trace_codes=("81", "81")), around(rule))) == 1
