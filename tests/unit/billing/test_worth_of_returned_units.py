"""What units of a line are worth when they go back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.returns import Charged, Decrease, amounts_returned, worth, worth_violations
from kernel.money import ZERO, from_fen

D = Decimal


@given(
    st.lists(st.integers(min_value=1, max_value=50), min_size=1, max_size=8),
    st.tuples(*[st.integers(min_value=0, max_value=10_000_00)] * 3).map(sorted),
)
def test_pieces_sum_to_what_has_not_gone_back_by_a_lower_price_and_none_is_negative(
    pieces: list[int], fen: list[int]
) -> None:
    cash, decrease, amount = map(from_fen, fen)
    quantity, units, yuan = Decimal(sum(pieces)), Decimal(0), Decimal(0)
    for piece in pieces:
        line = Charged(quantity, amount, units, yuan, Decrease(decrease, cash))
        back = worth(line, Decimal(piece))
        assert back >= 0
        units, yuan = units + piece, yuan + back
    assert yuan == amount - cash


def test_two_of_three_units_of_ten_yuan_are_worth_6_67() -> None:
    nothing_back = Charged(Decimal(3), Decimal("10.00"), Decimal(0), Decimal(0))
    assert worth(nothing_back, Decimal(2)) == Decimal("6.67")


@pytest.mark.parametrize(("units", "yuan"), [("1", "4.00"), ("2", "8.00"), ("4", "16.00")])
def test_units_of_a_line_that_she_paid_alone_are_worth_their_right_price(units: str, yuan: str) -> None:
    """Four units at 5.00; 4.00 would have been right, and the 4.00 too much are back with her."""
    line = Charged(D(4), D("20.00"), D(0), D(0), Decrease(D("4.00"), D("4.00")))
    assert worth(line, D(units)) == D(yuan)


def test_with_insurance_the_first_return_brings_along_what_the_fund_paid_too_much() -> None:
    """Of the 4.00 too much she has 1.07 back; two units at 4.00 stay: 20.00 - 1.07 - 8.00."""
    corrected = Charged(D(4), D("20.00"), D(0), D(0), Decrease(D("4.00"), D("1.07")))
    assert worth(corrected, D(2)) == D("10.93")
    # Of another line of the same bill goes back: the 2.93 of this one come along, since what stays is settled again.
    plain = Charged(D(1), D("10.00"), D(0), D(0))
    assert amounts_returned({1: plain, 2: corrected}, {1: D(1)}) == {1: D("10.00"), 2: D("2.93")}
    assert amounts_returned({1: plain, 2: corrected}, {2: D(4)}) == {2: D("18.93")}


def test_bl_05_units_that_are_worth_less_than_nothing_do_not_go_back() -> None:
    """Three of four units had gone back at 5.00 when the price became 1.00: 15.00 + 4 * 4.00 of her 20.00."""
    line = Charged(D(4), D("20.00"), D(3), D("15.00"), Decrease(D("16.00"), D("16.00")))
    (found,) = worth_violations(amounts_returned({2: line}, {2: D(1)}))
    assert (found.rule, found.field) == ("BL-05", "2")
    assert list(worth_violations({2: ZERO})) == []
