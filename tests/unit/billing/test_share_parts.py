"""How who-pays-what of a bill falls on its lines."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules import LineFacts, Parts, share_parts, share_returned
from kernel.money import from_fen

D = Decimal


@st.composite
def bills(draw: st.DrawFn) -> tuple[list[LineFacts], Parts]:
    """Lines with what the insurance recognises of them, and parts that it could have stated."""
    amounts = draw(st.lists(st.integers(min_value=0, max_value=100_000), min_size=1, max_size=10))
    scopes = [draw(st.integers(min_value=0, max_value=amount)) for amount in amounts]
    fund = draw(st.integers(min_value=0, max_value=sum(scopes)))
    left = sum(amounts) - fund
    others = {}
    for payer in ("account", "family", "institution"):
        others[payer] = draw(st.integers(min_value=0, max_value=left))
        left -= others[payer]
    lines = [
        LineFacts(from_fen(amount), from_fen(scope)) for amount, scope in zip(amounts, scopes, strict=True)
    ]
    amounts_of = {payer: from_fen(fen) for payer, fen in others.items()}
    return lines, Parts(fund=from_fen(fund), cash=from_fen(left), **amounts_of)


@given(bills())
def test_the_shares_sum_by_payer_and_by_line(bill: tuple[list[LineFacts], Parts]) -> None:
    lines, parts = bill
    shares = share_parts(lines, parts)
    assert sum(shares, Parts.nothing()) == parts
    assert [share.total for share in shares] == [line.amount for line in lines]


@given(bills())
def test_nobody_pays_less_than_nothing_and_the_fund_no_more_than_is_in_scope(
    bill: tuple[list[LineFacts], Parts],
) -> None:
    lines, parts = bill
    for line, share in zip(lines, share_parts(lines, parts), strict=True):
        assert min(share.each().values()) >= 0
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


@given(bills())
def test_what_goes_back_falls_on_its_lines_as_it_was_paid(bill: tuple[list[LineFacts], Parts]) -> None:
    lines, parts = bill
    shares = share_returned([-line.amount for line in lines], -parts)
    assert sum(shares, Parts.nothing()) == -parts
    assert [share.total for share in shares] == [-line.amount for line in lines]
    assert all(max(share.each().values()) <= 0 for share in shares)


@given(bills(), st.integers(min_value=1, max_value=10_000))
def test_when_one_payer_bears_more_the_shares_still_sum(
    bill: tuple[list[LineFacts], Parts], fen: int
) -> None:
    lines, parts = bill
    amounts = [-line.amount - 1 for line in lines]
    more = from_fen(fen)
    change = -parts + Parts(-more - len(lines), D(0), D(0), institution=more)
    shares = share_returned(amounts, change)
    assert sum(shares, Parts.nothing()) == change
    assert [share.total for share in shares] == amounts


def test_a_return_that_does_not_sum_to_its_lines_is_refused() -> None:
    with pytest.raises(ValueError, match="sum"):
        share_returned([D("-8.40")], Parts.of_cash(D("-8.39")))


@pytest.mark.parametrize(
    ("family", "own", "aid"), [("3.00", "5.00", "3.00"), (None, "8.00", "0.00"), ("9.00", "0.00", "8.00")]
)
def test_of_the_accounts_part_the_family_pays_what_the_insurer_says_and_never_more_than_all(
    family: str | None, own: str, aid: str
) -> None:
    said = {"fund": D("10.00"), "accounts": D("8.00"), "cash": D("2.00")}
    parts = Parts.as_insurer_says(**said, family=D(family) if family else None)
    assert parts == Parts(D("10.00"), D(own), D("2.00"), D(aid))
    assert (parts.accounts, parts.insurance, parts.total) == (D("8.00"), D("18.00"), D("20.00"))
