"""Sharing what the patient paid for a remote service: exact sums, whatever the agreement."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.period import Period
from pricing.rules.kinds import Service
from pricing.rules.sharing import AgreementFact, Shares, agreement_violations, ending_violations, share

AGREEMENT = AgreementFact(
    number="演协〔2026〕1号",
    service=Service.REMOTE_CONSULTATION,
    inviting_id=1,
    invited_id=2,
    platform_name="演示平台",
    inviting_rate=Decimal("0.3"),
    invited_rate=Decimal("0.6"),
    platform_rate=Decimal("0.1"),
    signed_on=date(2025, 12, 1),
    period=Period(date(2026, 1, 1)),
)


def shared(amount: str, inviting: str, invited: str, platform: str) -> Shares:
    rates = [Decimal(rate) for rate in (inviting, invited, platform)]
    return share(
        Decimal(amount),
        replace(AGREEMENT, inviting_rate=rates[0], invited_rate=rates[1], platform_rate=rates[2]),
    )


def test_each_party_gets_its_fraction() -> None:
    assert shared("400.00", "0.3", "0.6", "0.1") == Shares(Decimal(120), Decimal(240), Decimal(40))


def test_the_fen_left_over_goes_to_the_largest_remainder() -> None:
    # 0.05 × (0.3, 0.6, 0.1) = 1.5, 3, 0.5 fen: the tie of two halves goes to the earlier party
    assert shared("0.05", "0.3", "0.6", "0.1") == Shares(Decimal("0.02"), Decimal("0.03"), Decimal("0.00"))


def test_nothing_is_shared_as_nothing() -> None:
    assert shared("0.00", "0.3", "0.6", "0.1") == Shares(Decimal(0), Decimal(0), Decimal(0))


@given(
    st.integers(-10_000_000, 10_000_000),
    st.integers(0, 1_000_000),
    st.integers(0, 1_000_000),
)
def test_the_shares_sum_to_the_amount_and_a_refund_undoes_them(fen: int, first: int, second: int) -> None:
    low, high = sorted((first, second))
    agreement = replace(
        AGREEMENT,
        inviting_rate=Decimal(low) / 1_000_000,
        invited_rate=Decimal(high - low) / 1_000_000,
        platform_rate=Decimal(1_000_000 - high) / 1_000_000,
    )
    amount = Decimal(fen) / 100
    shares = share(amount, agreement)
    assert shares.inviting + shares.invited + shares.platform == amount
    assert list(agreement_violations(agreement)) == []
    back = share(-amount, agreement)
    assert (back.inviting, back.invited, back.platform) == (
        -shares.inviting, -shares.invited, -shares.platform,
    )  # fmt: skip
    exact = amount * agreement.invited_rate
    assert abs(shares.invited - exact) < Decimal("0.01")


def test_a_good_agreement_breaks_no_rule() -> None:
    assert list(agreement_violations(AGREEMENT)) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"invited_rate": Decimal("0.5")}, "invited_rate"),
        ({"platform_name": ""}, "platform_name"),
        ({"invited_id": 1}, "invited"),
        ({"service": Service.HOME_NURSING}, "service"),
        ({"signed_on": date(2026, 1, 2)}, "signed_on"),
        ({"inviting_rate": Decimal("-0.1"), "invited_rate": Decimal(1)}, "inviting_rate"),
    ],
)
def test_an_agreement_names_two_parties_and_shares_that_sum_to_one(
    change: dict[str, Any], field: str
) -> None:
    found = list(agreement_violations(replace(AGREEMENT, **change)))
    assert [(one.rule, one.field) for one in found] == [("PR-61", field)]


def test_without_a_technical_party_there_is_no_name_to_give() -> None:
    two = replace(AGREEMENT, platform_name="", platform_rate=Decimal(0), invited_rate=Decimal("0.7"))
    assert list(agreement_violations(two)) == []


@pytest.mark.parametrize(("from_on", "is_refused"), [(16, True), (17, False), (30, False), (31, True)])
def test_an_agreement_ends_on_a_day_to_come_on_which_it_holds(from_on: int, is_refused: bool) -> None:
    period = Period(date(2026, 1, 1), date(2026, 3, 31))
    found = list(ending_violations(period, from_on=date(2026, 3, from_on), today=date(2026, 3, 16)))
    assert [one.rule for one in found] == (["PR-67"] if is_refused else [])
