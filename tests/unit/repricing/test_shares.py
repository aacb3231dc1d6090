"""Who would pay how much: estimates that always sum."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules import Parts
from repricing.rules.differences import difference_of
from repricing.rules.shares import parts_of
from repricing.rules.tallies import Extremes, Tally
from tests.unit.pricing.builders import CONTEXT, facts, line, price

FEN = st.integers(0, 10**9).map(lambda fen: Decimal(fen) / 100)
ANY = st.integers(-(10**9), 10**9).map(lambda fen: Decimal(fen) / 100)
PAID = st.builds(Parts, FEN, FEN, FEN)


def yuan(*amounts: str) -> Parts:
    return Parts(*map(Decimal, amounts))


@given(total=ANY, charged=PAID)
def test_the_parts_sum_to_the_amount_whatever_the_shares(total: Decimal, charged: Parts) -> None:
    assert parts_of(total, charged).total == total


@given(charged=PAID)
def test_the_charged_amount_has_the_charged_parts(charged: Parts) -> None:
    assert parts_of(charged.total, charged) == (charged if charged.total else yuan("0", "0", "0"))


@given(charged=PAID, data=st.data())
def test_no_payer_gets_back_more_than_she_paid(charged: Parts, data: st.DataObject) -> None:
    fen = int(charged.total * 100)
    back = parts_of(-Decimal(data.draw(st.integers(0, fen))) / 100, charged)

    left = charged + back

    assert min(left.fund, left.account, left.cash) >= 0


@given(one=PAID, other=PAID)
def test_plus_and_minus_are_opposites(one: Parts, other: Parts) -> None:
    assert (one + other) - other == one


def test_the_shares_are_those_of_the_charge() -> None:
    assert parts_of(Decimal("12.50"), yuan("7.00", "2.00", "1.00")) == yuan("8.75", "2.50", "1.25")


def test_a_fen_that_cannot_be_shared_goes_to_the_largest_remainder() -> None:
    assert parts_of(Decimal("0.01"), yuan("7.00", "2.00", "1.00")) == yuan("0.01", "0", "0")


def test_without_shares_it_is_all_cash() -> None:
    assert parts_of(Decimal("3.00"), yuan("0", "0", "0")) == yuan("0", "0", "3.00")


def test_what_was_taken_off_keeps_its_shares_too() -> None:
    assert parts_of(Decimal("-5.00"), yuan("-7.00", "-2.00", "-1.00")) == yuan("-3.50", "-1.00", "-0.50")


def test_a_difference_of_nothing_is_no_difference() -> None:
    from pricing.rules import quote

    quoted = quote([line()], CONTEXT, facts(price("10"))).lines[0]

    assert difference_of(yuan("7.00", "2.00", "1.00"), quoted, None) is None


@pytest.mark.parametrize(
    ("right", "parts"),
    [
        ("12.00", ("1.40", "0.40", "0.20")),
        ("9.99", ("-0.01", "0", "0")),
        ("0", ("-7.00", "-2.00", "-1.00")),
    ],
)
def test_a_difference_is_shared_as_the_charge_was(right: str, parts: tuple[str, ...]) -> None:
    from pricing.rules import quote

    quoted = quote([line()], CONTEXT, facts(price(right))).lines[0]

    found = difference_of(yuan("7.00", "2.00", "1.00"), quoted, None)

    assert found is not None
    assert found.parts == yuan(*parts)


@given(rows=st.lists(st.tuples(st.integers(1, 50), PAID, PAID), max_size=20))
def test_sums_that_were_kept_as_text_are_the_same(rows: list[tuple[int, Parts, Parts]]) -> None:
    whole = sum((Tally(count, charged, proposed) for count, charged, proposed in rows), Tally())

    assert Tally.from_json(whole.as_json()) == whole


def test_extremes_keep_the_largest_and_come_back_from_json() -> None:
    rows = [(number, Decimal(10), Decimal(10 + number - 15)) for number in range(30)]

    found = Extremes().with_more(rows[:12]).with_more(rows[12:])

    assert [who for who, _charged, _proposed in found.payers] == list(range(29, 19, -1))
    assert [who for who, _charged, _proposed in found.savers] == list(range(10))
    assert Extremes.from_json(found.as_json()) == found
