"""Rounding, fen, and parts that always sum."""

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import allocate, from_fen, to_fen, to_yuan

D = Decimal
FEN = st.integers(min_value=-10_000_000, max_value=10_000_000)
WEIGHTS = st.lists(st.decimals(min_value=0, max_value=100_000, places=4), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        ("0.005", "0.01"),
        ("0.0049999", "0.00"),
        ("2.345", "2.35"),
        ("2.355", "2.36"),
        ("-0.005", "-0.01"),
        ("0.226", "0.23"),  # the insurer's sample: 4.52 x 5 %
        ("7", "7.00"),
    ],
)
def test_yuan_are_rounded_half_up_to_the_fen(exact: str, rounded: str) -> None:
    assert str(to_yuan(exact)) == rounded


def test_a_float_is_no_money() -> None:
    value: Any = 0.1
    with pytest.raises(TypeError):
        to_yuan(value)


@given(FEN)
def test_fen_and_yuan_lead_to_each_other(fen: int) -> None:
    assert to_fen(from_fen(fen)) == fen


def test_a_fraction_of_a_fen_is_refused_and_not_rounded() -> None:
    with pytest.raises(ValueError, match="fraction"):
        to_fen(D("0.001"))


def test_the_fen_left_over_goes_to_the_earlier_weight_on_a_tie() -> None:
    assert allocate(D("0.02"), [D(1), D(1), D(1)]) == [D("0.01"), D("0.01"), D("0.00")]


def test_the_fen_left_over_goes_to_the_largest_remainder_first() -> None:
    # 1.00 over 1 : 2 : 4 is 14.29, 28.57 and 57.14 fen; two fen are left, for .57 and then for .29.
    assert allocate(D("1.00"), [D(1), D(2), D(4)]) == [D("0.14"), D("0.29"), D("0.57")]


def test_a_reversal_is_split_like_the_amount_it_reverses() -> None:
    weights = [D(3), D(3), D(1)]
    assert allocate(D("-10.00"), weights) == [-part for part in allocate(D("10.00"), weights)]


@pytest.mark.parametrize("weights", [[], [D(1), D(-1)]])
def test_weights_must_be_there_and_not_negative(weights: list[Decimal]) -> None:
    with pytest.raises(ValueError, match="weights"):
        allocate(D("1.00"), weights)


def test_an_amount_needs_a_weight_that_carries_it() -> None:
    assert allocate(D("0.00"), [D(0), D(0)]) == [D("0.00"), D("0.00")]
    with pytest.raises(ValueError, match="carry"):
        allocate(D("0.01"), [D(0), D(0)])


@given(FEN, WEIGHTS)
def test_the_parts_sum_to_the_total_and_each_is_its_exact_share_to_the_fen(
    fen: int, weights: list[Decimal]
) -> None:
    whole = sum(weights)
    if whole == 0:
        weights, whole = [*weights, D(1)], D(1)
    total = from_fen(fen)
    parts = allocate(total, weights)
    assert sum(parts) == total
    assert len(parts) == len(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / whole) < D("0.01") + D("1e-12")


@given(FEN, WEIGHTS)
def test_no_part_has_the_sign_of_the_other_side_and_weight_zero_carries_nothing(
    fen: int, weights: list[Decimal]
) -> None:
    parts = allocate(from_fen(fen), [*weights, D(1)])
    assert all(part * fen >= 0 for part in parts)
    assert all(part == 0 for part, weight in zip(parts, weights, strict=False) if weight == 0)


@given(FEN, WEIGHTS)
def test_a_heavier_weight_never_gets_less(fen: int, weights: list[Decimal]) -> None:
    weights = [*weights, D(1)]
    parts = [abs(part) for part in allocate(from_fen(fen), weights)]
    pairs = sorted(zip(weights, parts, strict=True))
    for (lighter, less), (heavier, more) in pairwise(pairs):
        assert lighter == heavier or less <= more
