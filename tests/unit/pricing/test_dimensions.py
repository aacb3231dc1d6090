"""For whom a price holds: ages, conditions, departments, zones, grades."""

from dataclasses import replace
from decimal import Decimal

import pytest

from pricing.rules import PricingRefused, quote
from pricing.rules.facts import QuoteContext
from tests.unit.pricing.builders import CONTEXT, facts, line, price

D = Decimal


def total(context: QuoteContext, condition: str = "") -> Decimal:
    """What one visit costs by these rows."""
    rows = (
        price("10"),
        replace(price("11"), condition="乳牙"),
        replace(price("12"), age_from=0, age_to=6),
        replace(price("13"), department="A04"),
        replace(price("14"), price_zone="b"),
        replace(price("15"), institution_grade="甲"),
    )
    return quote([replace(line(), condition=condition)], context, facts(*rows)).total


@pytest.mark.parametrize(("age", "amount"), [(0, "12.00"), (6, "12.00"), (7, "10.00"), (None, "10.00")])
def test_six_years_are_a_child_and_seven_are_not(age: int | None, amount: str) -> None:
    # 6 周岁及以下, inclusive (S12)
    assert total(replace(CONTEXT, patient_age=age)) == D(amount)


def test_a_condition_picks_its_own_amount_under_the_same_code() -> None:
    assert total(CONTEXT, "乳牙") == D("11.00")
    assert total(CONTEXT, "恒牙") == D("10.00")


@pytest.mark.parametrize(
    ("context", "amount"),
    [
        (replace(CONTEXT, department="A04"), "13.00"),
        (replace(CONTEXT, price_zone="b"), "14.00"),
        (replace(CONTEXT, institution_grade="甲"), "15.00"),
    ],
)
def test_department_zone_and_grade_pick_their_own_rows(context: QuoteContext, amount: str) -> None:
    assert total(context) == D(amount)


def test_two_rows_that_are_each_more_specific_in_another_way_are_not_chosen_between() -> None:
    with pytest.raises(PricingRefused) as caught:
        total(replace(CONTEXT, department="A04", patient_age=3))
    assert caught.value.code == "two_prices_in_force"
