"""Every event balances, and is what the table of the document says."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules import Parts
from finance.rules import postings
from finance.rules.postings import Kind
from kernel.money import from_fen
from kernel.period import Period
from ledger.rules import AccountKey, AccountKind, EntryLine
from pricing.rules.kinds import Service
from pricing.rules.sharing import AgreementFact

D = Decimal
DOCUMENT = Path(__file__).resolve().parents[3] / "docs/algorithms/money.md"
VISIT = AccountKey(AccountKind.REVENUE, category="02")
MEDICINES = AccountKey(AccountKind.REVENUE, category="09")
CHARGED = {VISIT: D("10.00"), MEDICINES: D("20.00")}
PARTS = Parts(D("18.00"), D("4.00"), D("7.00"), D("1.00"))
AGREEMENT = AgreementFact(
    number="A1", service=Service.REMOTE_CONSULTATION, inviting_id=1, invited_id=2, platform_name="演示平台",
    inviting_rate=D("0.3"), invited_rate=D("0.6"), platform_rate=D("0.1"), signed_on=date(2026, 1, 1),
    period=Period(date(2026, 1, 1), None),
)  # fmt: skip
SHARED = postings.shared_with("H33010000002", AGREEMENT)
OWED_FOR_THE_MONTH = {"fund": "18.00", "account": "4.00", "family": "1.00"}

EXAMPLES = {
    Kind.BILL_OPENED: postings.charged(CHARGED),
    Kind.SHARE_RECEIVED: postings.received("wechat", D("7.00")),
    Kind.INSURER_SETTLED: postings.insurer_says("330100", PARTS),
    Kind.INSURER_REVERSED: postings.insurer_says("330100", -PARTS),
    Kind.REFUND_REQUESTED: postings.refund_requested(D("7.00")),
    Kind.REFUND_DONE: postings.refund_done("wechat", D("7.00")),
    Kind.REFUND_FAILED: postings.refund_failed(D("7.00")),
    Kind.BILL_GIVEN_BACK: postings.given_back(CHARGED, D("0.00")),
    Kind.LINES_RETURNED: postings.given_back({MEDICINES: D("10.00")}, D("-1.00")),
    Kind.HOSPITAL_BEARS: postings.hospital_bears(D("2.00")),
    Kind.OVERCHARGE_FOUND: postings.given_back({MEDICINES: D("3.00")}, D("0.00")),
    Kind.PAID_BACK_BY_OFFICE: postings.paid_back_by_office(D("3.00")),
    Kind.REMOTE_SHARED: postings.remote_shared(VISIT, SHARED, before=D(0), now=D("100.00")),
    Kind.PAYOUT_PAID: postings.payout_paid("H33010000002", D("60.00")),
    Kind.CHANNEL_PAID_OUT: postings.channel_paid_out("wechat", gross=D("7.00"), fee=D("0.04")),
    Kind.INSURER_PAID_OUT: postings.insurer_paid_out(
        D("20.00"), {postings.insurer("330100", payer): D(part) for payer, part in OWED_FOR_THE_MONTH.items()}
    ),
    Kind.DIFFERENCE_BOOKED: postings.difference_booked({postings.clearing("wechat"): D("7.00")}),
}
"""The events of the document, with its amounts."""


def table_of(kind: Kind) -> set[tuple[str, str, str]]:
    """Account, debit, credit of each row below the heading of an event."""
    below = DOCUMENT.read_text(encoding="utf-8").split(f"### `{kind.value}`\n", 1)[1]
    rows = re.search(r"\| account \| debit \| credit \|\n\|[-|]+\|\n((?:\|.*\n)+)", below)
    assert rows is not None
    cells = [[cell.strip() for cell in row.strip("|\n").split("|")] for row in rows[1].splitlines()]
    return {(account, debit, credit) for account, debit, credit in cells}


def as_rows(lines: Sequence[EntryLine]) -> set[tuple[str, str, str]]:
    return {
        (
            " ".join(filter(None, [line.account.kind.value, line.account.party, line.account.category])),
            str(line.amount) if line.amount > 0 else "",
            str(-line.amount) if line.amount < 0 else "",
        )
        for line in lines
    }


@pytest.mark.parametrize("kind", list(Kind))
def test_the_document_shows_what_the_event_posts(kind: Kind) -> None:
    assert table_of(kind) == as_rows(EXAMPLES[kind])


@pytest.mark.parametrize("kind", list(Kind))
def test_debits_and_credits_of_an_event_are_equal_and_no_line_is_of_nothing(kind: Kind) -> None:
    lines = EXAMPLES[kind]
    assert sum(line.amount for line in lines) == 0
    assert all(line.amount for line in lines)
    assert len({line.account for line in lines}) == len(lines)


def test_what_moves_nothing_has_no_lines() -> None:
    assert postings.charged({VISIT: D("0.00")}) == []
    assert postings.insurer_says("330100", Parts.nothing()) == []
    assert postings.hospital_bears(D("0.00")) == []
    assert postings.channel_paid_out("alipay", gross=D("0.00"), fee=D("0.00")) == []


def test_the_whole_bill_there_and_back_leaves_every_account_at_nothing() -> None:
    course = [
        Kind.BILL_OPENED, Kind.SHARE_RECEIVED, Kind.INSURER_SETTLED, Kind.INSURER_REVERSED, Kind.REFUND_REQUESTED,
        Kind.REFUND_DONE, Kind.BILL_GIVEN_BACK,
    ]  # fmt: skip
    balances: dict[AccountKey, Decimal] = {}
    for line in (line for kind in course for line in EXAMPLES[kind]):
        balances[line.account] = balances.get(line.account, D(0)) + line.amount
    assert set(balances.values()) == {D(0)}


@pytest.mark.parametrize(
    ("category", "charge_type", "account"),
    [
        ("consultation", "02", AccountKey(AccountKind.REVENUE, category="02")),
        ("drug", "09", AccountKey(AccountKind.REVENUE, category="09")),
        ("onsite_fee", "14", AccountKey(AccountKind.ONSITE_FEE)),
        ("delivery", "14", AccountKey(AccountKind.DELIVERY)),
    ],
)
def test_onsite_fee_and_delivery_are_kept_apart_from_care(
    category: str, charge_type: str, account: AccountKey
) -> None:
    assert postings.earning_account(category, charge_type) == account


@given(st.lists(st.integers(min_value=0, max_value=100_000), min_size=1, max_size=6))
def test_however_a_shared_service_goes_back_its_parties_end_with_nothing(pieces: list[int]) -> None:
    balances: dict[AccountKey, Decimal] = {}
    standing, left = D(0), [from_fen(sum(pieces))]
    for piece in pieces:
        left.append(left[-1] - from_fen(piece))
    for now in left:
        for line in postings.remote_shared(VISIT, SHARED, before=standing, now=now):
            balances[line.account] = balances.get(line.account, D(0)) + line.amount
        standing = now
    assert set(balances.values()) <= {D(0)}
