"""What of the insurance's debt a transfer settles, and what is asked about it (FN-40 to FN-45)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finance.rules.insurer_transfers import (
    FINAL,
    OWED,
    Arrived,
    booking_violations,
    entering_violations,
    paid_of,
    settled_with,
)
from kernel.money import from_fen

D = Decimal
FUND, ACCOUNT, FAMILY = ("330100", "fund"), ("330100", "account"), ("330100", "family")
MONTH = {FUND: D("18.00"), ACCOUNT: D("4.00"), FAMILY: D("1.00")}
DAY = date(2026, 12, 8)
WHOLE = Arrived(D("23.00"), DAY, "", "", has_open=False, is_known=False)
SHORT = replace(WHOLE, amount=D("20.00"), rest=OWED, explanation="预留质量保证金")


def rules(said: Arrived, owed: str = "23.00") -> list[str]:
    return [one.rule for one in entering_violations(said, owed=D(owed), today=DAY)]


def test_the_whole_amount_settles_every_account() -> None:
    assert paid_of(D("23.00"), MONTH, rest="") == MONTH


def test_what_is_final_settles_every_account_though_less_arrived() -> None:
    assert paid_of(D("20.00"), MONTH, rest=FINAL) == MONTH


def test_what_is_still_owed_stays_in_proportion_to_the_fen() -> None:
    # 3.00 of 23.00: 2.347…, 0.521…, 0.130…; the fen left over goes to the largest remainder.
    paid = {FUND: D("15.65"), ACCOUNT: D("3.48"), FAMILY: D("0.87")}
    assert paid_of(D("20.00"), MONTH, rest=OWED) == paid


def test_an_account_that_owes_us_nothing_bears_nothing_of_it() -> None:
    taken_back = {FUND: D("10.00"), ACCOUNT: D("-2.00")}
    assert paid_of(D("5.00"), taken_back, rest=OWED) == {FUND: D("7.00"), ACCOUNT: D("-2.00")}


NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)
BELOW = {OCTOBER: {FUND: D("-9.00")}}


@pytest.mark.parametrize("amount", ["14.00", "20.00"])
def test_what_other_months_are_below_zero_is_deducted(amount: str) -> None:
    assert settled_with(D(amount), MONTH, BELOW, month=NOVEMBER) == {
        (OCTOBER, *FUND): D("-9.00"),
        **{(NOVEMBER, *account): held for account, held in MONTH.items()},
    }


def test_exactly_what_the_month_owes_is_for_that_month_alone() -> None:
    alone = {(NOVEMBER, *account): held for account, held in MONTH.items()}
    assert settled_with(D("23.00"), MONTH, BELOW, month=NOVEMBER) == alone


@settings(max_examples=50)
@given(
    st.lists(st.integers(min_value=-10_000, max_value=10**9), min_size=1, max_size=5).filter(lambda each: sum(each) > 0),
    st.integers(min_value=1, max_value=10**9),
)  # fmt: skip
def test_the_parts_sum_to_what_arrived_and_no_account_is_paid_more_than_it_owes(
    fen: list[int], arrived: int
) -> None:
    owed = {("330100", str(number)): from_fen(one) for number, one in enumerate(fen)}
    amount = from_fen(min(arrived, sum(fen)))
    paid = paid_of(amount, owed, rest=OWED)
    assert sum(paid.values()) == amount
    assert all(paid[account] <= owed[account] for account in owed)


@pytest.mark.parametrize(
    ("said", "owed", "found"),
    [
        (WHOLE, "23.00", []),
        (SHORT, "23.00", []),
        (replace(SHORT, amount=D("24.00"), rest=FINAL), "23.00", []),
        (WHOLE, "0.00", ["FN-40", "FN-43"]),
        (replace(WHOLE, has_open=True), "23.00", ["FN-41"]),
        (replace(WHOLE, is_known=True), "23.00", ["FN-41"]),
        (replace(SHORT, amount=D("0.00")), "23.00", ["FN-42"]),
        (replace(WHOLE, on=date(2026, 12, 9)), "23.00", ["FN-32"]),
        (replace(SHORT, rest=""), "23.00", ["FN-43"]),
        (replace(SHORT, explanation=" 扣 "), "23.00", ["FN-43"]),
        (replace(SHORT, amount=D("24.00")), "23.00", ["FN-44"]),
    ],
)  # fmt: skip
def test_what_is_entered_is_owed_once_and_a_difference_explained(
    said: Arrived, owed: str, found: list[str]
) -> None:
    assert rules(said, owed) == found


def test_a_second_person_books() -> None:
    assert [one.rule for one in booking_violations(entered_by=1, by=1)] == ["FN-45"]
    assert list(booking_violations(entered_by=1, by=2)) == []
