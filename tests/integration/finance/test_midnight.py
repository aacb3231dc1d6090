"""An event belongs to one day, in the records and in the books: the one on which whoever moved the money says it happened."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from accounts.models import User
from finance.models import CashierDay
from finance.operations import books, days
from finance.queries.day_sums import sums_of_day
from finance.queries.days import has_changed_since_closed
from insurance.models import Claim
from ledger.operations import close_days
from reconciliation.models import Comparison
from tests.factories import reconciliation as made
from tests.integration.finance.conftest import DAY, LATER

pytestmark = pytest.mark.django_db
FUND = (Decimal("7.00"), Decimal("7.00"))
CHINA = timedelta(hours=8)


def midnight_after(day: date) -> datetime:
    """Its end in Asia/Shanghai."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1) - CHINA


def settled(*, at: datetime, told_at: datetime) -> Claim:
    """The fund pays 7.00 of 10.00 by a settlement of the insurer that we hear of later, and that is booked then."""
    claim = made.claim(at=at)
    made.settlement(claim, at=at, recorded_at=told_at)
    books.book_claim(claim.pk)
    return claim


def fund_of(claim: Claim, day: date) -> tuple[Decimal, Decimal] | None:
    """By the records, by the books; None where neither knows of anything."""
    sums = sums_of_day(claim.bill.encounter.institution_id, day)
    found = {one.key: (one.record_amount, one.book_amount) for one in sums if one.section == "payer"}
    return found.get("fund")


@pytest.mark.parametrize("day", [DAY, date(2026, 12, 31)], ids=["midnight", "New Year"])
def test_a_settlement_that_is_told_after_midnight_belongs_to_the_day_before_on_both_sides(day: date) -> None:
    midnight = midnight_after(day)
    claim = settled(at=midnight - timedelta(seconds=2), told_at=midnight + timedelta(seconds=3))
    assert fund_of(claim, day) == FUND
    assert fund_of(claim, day + timedelta(days=1)) is None


def test_what_is_told_when_the_books_have_closed_its_day_belongs_to_the_first_open_one_on_both_sides() -> (
    None
):
    midnight = midnight_after(DAY)
    before = settled(at=midnight - timedelta(hours=2), told_at=midnight - timedelta(hours=2))
    institution = before.bill.encounter.institution_id
    close_days(institution_id=institution, through=DAY, at=midnight + timedelta(days=1))
    late = made.claim(at=midnight)
    told_at = midnight + timedelta(days=1, hours=3)
    made.settlement(late, at=midnight - timedelta(hours=1), recorded_at=told_at)
    books.book_claim(late.pk)
    assert fund_of(late, DAY) == FUND
    assert fund_of(late, DAY + timedelta(days=1)) == FUND
    close_days(institution_id=institution, through=DAY + timedelta(days=2), at=midnight + timedelta(days=4))
    assert fund_of(late, DAY + timedelta(days=1)) == FUND
    assert fund_of(late, DAY + timedelta(days=2)) is None


def test_a_closed_day_says_that_something_of_it_was_told_later(clerk: User, balanced: Comparison) -> None:
    midnight = midnight_after(DAY)
    claim = settled(at=midnight - timedelta(hours=2), told_at=midnight - timedelta(hours=2))
    institution = claim.bill.encounter.institution_id
    day = days.count_day(institution_id=institution, day=DAY, by=clerk, at=LATER)
    CashierDay.objects.update(state="closed", closed_at=LATER, closed_by=clerk)
    day.refresh_from_db()
    assert not has_changed_since_closed(day)
    made.settlement(at=midnight - timedelta(hours=1), recorded_at=midnight + timedelta(hours=1))
    assert has_changed_since_closed(day)
