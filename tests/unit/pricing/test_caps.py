"""Most for one charge, most in a period; what was charged before counts."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.rules import TariffFacts, quote
from pricing.rules.facts import ChargedLine, PriceFact
from pricing.rules.kinds import AmountKind
from tests.unit.pricing.builders import CONTEXT, DAY, ORDINARY, line, price

D = Decimal
ITEM = replace(ORDINARY, quantity_decimals=2)


def total(row: PriceFact, *quantities: str, charged: tuple[ChargedLine, ...] = ()) -> Decimal:
    lines = [line(quantity=each, reference=str(number)) for number, each in enumerate(quantities)]
    context = replace(CONTEXT, encounter="V1")
    return quote(lines, context, TariffFacts.of([ITEM], [row], charged=charged)).total


def before(amount: str, on: date = DAY, encounter: str = "V0") -> ChargedLine:
    return ChargedLine(ORDINARY.code, D(1), D(amount), on, encounter)


HOURLY = replace(price("5"), kind=AmountKind.HOURLY, period_cap_amount=D(60), period_cap_days=1)


@pytest.mark.parametrize(("hours", "amount"), [("12", "60.00"), ("12.01", "60.00"), ("11.99", "59.95")])
def test_hours_are_charged_up_to_the_cap_of_the_day(hours: str, amount: str) -> None:
    assert total(HOURLY, hours) == D(amount)


def test_the_cap_of_a_day_counts_what_was_charged_that_day_in_any_visit() -> None:
    assert total(HOURLY, "10", charged=(before("40.00"),)) == D("20.00")
    assert total(HOURLY, "10", charged=(before("60.00"),)) == D("0.00")


def test_the_cap_of_a_day_begins_anew_at_midnight() -> None:
    yesterday = before("60.00", DAY - timedelta(days=1))
    assert total(HOURLY, "10", charged=(yesterday,)) == D("50.00")


def test_a_period_of_seven_days_reaches_six_days_back() -> None:
    row = replace(price("10"), period_cap_amount=D(15), period_cap_days=7)
    assert total(row, "1", charged=(before("10.00", DAY - timedelta(days=6)),)) == D("5.00")
    assert total(row, "1", charged=(before("10.00", DAY - timedelta(days=7)),)) == D("10.00")


def test_one_charge_is_all_lines_of_the_item_in_the_visit() -> None:
    row = replace(price("10"), cap_amount=D(25))
    assert total(row, "1", "1", "1") == D("25.00")
    assert total(row, "1", charged=(before("20.00", encounter="V1"),)) == D("5.00")
    assert total(row, "1", charged=(before("20.00", encounter="V0"),)) == D("10.00")


@given(
    st.lists(st.decimals("0.01", "40", places=2), min_size=1, max_size=5),
    st.decimals("0", "300", places=2),
    st.sampled_from(["cap_amount", "period_cap_amount"]),
)
def test_splitting_an_order_never_makes_it_dearer_than_its_cap(
    parts: list[Decimal], cap: Decimal, kind: str
) -> None:
    days = 1 if kind == "period_cap_amount" else None
    row = price("7.77", **{kind: cap}, period_cap_days=days)
    whole = total(row, str(sum(parts)))
    split = total(row, *map(str, parts))
    assert whole <= cap
    assert split <= cap
    # A fen for each line at most: each is rounded for itself.
    assert abs(split - whole) <= D("0.01") * len(parts)
