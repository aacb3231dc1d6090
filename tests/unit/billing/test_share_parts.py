"""How who-pays-what of a bill falls on its lines."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules import LineFacts, Parts, share_parts
from kernel.money import from_fen

D = Decimal


@st.composite
def bills(draw: st.DrawFn) -> tuple[list[LineFacts], Parts]:
    """Lines with what the insurance recognises of them, and parts that it could have stated."""
    amounts = draw(st.lists(st.integers(min_value=0, max_value=100_000), min_size=1, max_size=10))
    scopes = [draw(st.integers(min_value=0, max_value=amount)) for amount in amounts]
    fund = draw(st.integers(min_value=0, max_value=sum(scopes)))
    account = draw(st.integers(min_value=0, max_value=sum(amounts) - fund))
    lines = [
        LineFacts(from_fen(amount), from_fen(scope)) for amount, scope in zip(amounts, scopes, strict=True)
    ]
    cash = sum(amounts) - fund - account
    return lines, Parts(from_fen(fund), from_fen(account), from_fen(cash))


@given(bills())
def test_the_shares_sum_by_payer_and_by_line(bill: tuple[list[LineFacts], Parts]) -> None:
    lines, parts = bill
    shares = share_parts(lines, parts)
    assert sum(share.fund for share in shares) == parts.fund
    assert sum(share.account for share in shares) == parts.account
    assert sum(share.cash for share in shares) == parts.cash
    assert [share.total for share in shares] == [line.amount for line in lines]


@given(bills())
def test_nobody_pays_less_than_nothing_and_the_fund_no_more_than_is_in_scope(
    bill: tuple[list[LineFacts], Parts],
) -> None:
    lines, parts = bill
    for line, share in zip(lines, share_parts(lines, parts), strict=True):
        assert min(share.fund, share.account, share.cash) >= 0
        assert share.fund <= line.in_scope


def test_the_fund_pays_for_what_it_recognises_and_the_rest_of_each_line_is_hers() -> None:
    # A drug of class A wholly in scope, delivery not at all: the fund's 5.60 fall on the drug alone; the account's
    # 2.80 fall by 2.80 : 8.00 on what is left of both lines, 0.73 (0.7259) and 2.07 (2.0740).
    lines = [LineFacts(D("8.40"), D("8.40")), LineFacts(D("8.00"), D("0.00"))]
    shares = share_parts(lines, Parts(D("5.60"), D("2.80"), D("8.00")))
    assert shares == [
        Parts(D("5.60"), D("0.73"), D("2.07")),
        Parts(D("0.00"), D("2.07"), D("5.93")),
    ]


def test_without_insurance_every_line_is_cash() -> None:
    lines = [LineFacts(D("8.40"), D(0)), LineFacts(D("1.60"), D(0))]
    shares = share_parts(lines, Parts(D("0.00"), D("0.00"), D("10.00")))
    assert [share.cash for share in shares] == [D("8.40"), D("1.60")]


def test_parts_that_do_not_sum_to_the_lines_are_refused() -> None:
    with pytest.raises(ValueError, match="sum"):
        share_parts([LineFacts(D("8.40"), D("8.40"))], Parts(D("5.60"), D("2.80"), D("0.01")))


def test_a_fund_that_pays_more_than_it_recognises_is_refused() -> None:
    with pytest.raises(ValueError, match="scope"):
        share_parts([LineFacts(D("8.40"), D("5.00"))], Parts(D("5.01"), D("0.00"), D("3.39")))
