"""Where an account of the books counts in a cashier day, and when a day may be closed."""

from datetime import date
from decimal import Decimal

import pytest

from finance.rules.day_accounts import section_of
from finance.rules.days import Obstacle, Sum, closing_violations, explained, obstacles_of_sums
from finance.rules.postings import Kind
from finance.rules.transfers import transfer_violations
from ledger.rules import AccountKey, AccountKind

WECHAT = AccountKey(AccountKind.CHANNEL_CLEARING, party="wechat")
FUND = AccountKey(AccountKind.INSURER_RECEIVABLE, party="330100", category="fund")
FEES = AccountKey(AccountKind.REVENUE, category="11")


def _sum(record: str, book: str, key: str = "wechat") -> Sum:
    return Sum("channel", key, 1, Decimal(record), Decimal(book))


@pytest.mark.parametrize(
    ("account", "event", "place"),
    [
        (WECHAT, Kind.SHARE_RECEIVED, ("channel", "wechat", 1)),
        (WECHAT, Kind.REFUND_DONE, ("channel", "wechat", 1)),
        (WECHAT, Kind.CHANNEL_PAID_OUT, None),
        (WECHAT, Kind.DIFFERENCE_BOOKED, None),
        (FUND, Kind.INSURER_SETTLED, ("payer", "fund", 1)),
        (FUND, Kind.INSURER_REVERSED, ("payer", "fund", 1)),
        (AccountKey(AccountKind.HOSPITAL_BORNE), Kind.HOSPITAL_BEARS, ("payer", "institution", 1)),
        (AccountKey(AccountKind.HOSPITAL_BORNE), Kind.DIFFERENCE_BOOKED, None),
        (FEES, Kind.BILL_OPENED, ("category", "11", -1)),
        (FEES, Kind.LINES_RETURNED, ("category", "11", -1)),
        (FEES, Kind.REMOTE_SHARED, None),
        (AccountKey(AccountKind.ONSITE_FEE), Kind.BILL_OPENED, ("category", "onsite_fee", -1)),
        (AccountKey(AccountKind.PATIENT_RECEIVABLE), Kind.BILL_OPENED, None),
        (AccountKey(AccountKind.BANK), Kind.PAYOUT_PAID, None),
    ],
)
def test_an_entry_counts_where_the_records_have_it(
    account: AccountKey, event: Kind, place: tuple[str, str, int] | None
) -> None:
    assert section_of(account, event) == place


def test_only_sums_whose_sides_differ_stand_in_the_way() -> None:
    found = list(obstacles_of_sums([_sum("10.00", "10.00"), _sum("10.00", "9.99", "alipay")]))
    assert found == [Obstacle("channel:alipay", Decimal("-0.01"))]


def test_an_explanation_is_for_its_amount_only() -> None:
    obstacle = Obstacle("channel:wechat", Decimal("1.00"))
    assert explained(obstacle, {"channel:wechat": Decimal("1.00")})
    assert not explained(obstacle, {"channel:wechat": Decimal("1.01")})
    assert not explained(obstacle, {})


def test_the_order_of_the_sums_does_not_matter_when_a_day_is_closed() -> None:
    one, other = _sum("1.00", "1.00"), _sum("2.00", "2.00", "alipay")
    assert list(closing_violations(counted=[one, other], now=[other, one], obstacles=[])) == []


@pytest.mark.parametrize(
    ("gross", "fee", "held", "on", "rules"),
    [
        ("100.00", "0.60", "100.00", date(2026, 11, 20), []),
        ("100.00", "0.00", "100.00", date(2026, 11, 21), []),
        ("100.00", "-0.01", "100.00", date(2026, 11, 20), ["FN-30"]),
        ("100.00", "100.00", "100.00", date(2026, 11, 20), ["FN-30"]),
        ("100.01", "0.60", "100.00", date(2026, 11, 20), ["FN-31"]),
        ("100.00", "0.60", "100.00", date(2026, 11, 22), ["FN-32"]),
    ],
)
def test_a_transfer_is_of_what_the_channel_holds_and_has_arrived(
    gross: str, fee: str, held: str, on: date, rules: list[str]
) -> None:
    found = transfer_violations(
        gross=Decimal(gross), fee=Decimal(fee), held=Decimal(held), on=on, today=date(2026, 11, 21)
    )
    assert [violation.rule for violation in found] == rules
