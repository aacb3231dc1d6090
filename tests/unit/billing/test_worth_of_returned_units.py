"""What units of a line are worth when they go back."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from billing.rules.returns import Charged, worth
from kernel.money import from_fen


@given(
    st.lists(st.integers(min_value=1, max_value=50), min_size=1, max_size=8),
    st.integers(min_value=0, max_value=10_000_00),
)
def test_pieces_sum_to_the_line_to_the_fen_and_none_is_negative(pieces: list[int], fen: int) -> None:
    amount, quantity = from_fen(fen), Decimal(sum(pieces))
    units, yuan = Decimal(0), Decimal(0)
    for piece in pieces:
        back = worth(Charged(quantity, amount, units, yuan), Decimal(piece))
        assert back >= 0
        units, yuan = units + piece, yuan + back
    assert yuan == amount


def test_two_of_three_units_of_ten_yuan_are_worth_6_67() -> None:
    nothing_back = Charged(Decimal(3), Decimal("10.00"), Decimal(0), Decimal(0))
    assert worth(nothing_back, Decimal(2)) == Decimal("6.67")
