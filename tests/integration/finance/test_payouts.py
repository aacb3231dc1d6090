"""What an invited institution is owed is drafted, approved by a second person, paid and booked (FN-14, FN-20 to FN-26)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from finance.models import Payout
from finance.operations import payouts
from finance.queries.payouts import debts, owed_to
from finance.rules.postings import Kind
from finance.states import PayoutState
from kernel.errors import RulesBroken
from kernel.workflow import IllegalTransition
from ledger import operations as ledger
from ledger.models import Posting
from ledger.queries import balance
from ledger.rules import AccountKey, AccountKind, EntryLine
from registry.models import Institution
from tests.factories.registry import InstitutionFactory
from tests.integration.finance.conftest import DAY, LATER

pytestmark = pytest.mark.django_db
BANK = AccountKey(AccountKind.BANK)


@pytest.fixture
def inviting(db: None) -> Institution:
    """The hospital that invited."""
    made: Institution = InstitutionFactory()
    return made


@pytest.fixture
def invited(inviting: Institution) -> Institution:
    """The hospital that was invited; 30.00 of one service are its share."""
    made: Institution = InstitutionFactory(
        code="H33010600002", name="演示市第二医院", name_en="Second Hospital"
    )
    _share(inviting, made, "30.00", "first")
    return made


def _share(inviting: Institution, invited: Institution, amount: str, key: str) -> None:
    owed = AccountKey(AccountKind.INSTITUTION_PAYABLE, party=invited.code)
    ledger.post(
        key=key, kind=Kind.REMOTE_SHARED, institution_id=inviting.pk, on=DAY, at=LATER,
        lines=[
            EntryLine(AccountKey(AccountKind.REVENUE, category="11"), Decimal(amount)),
            EntryLine(owed, -Decimal(amount)),
        ],
    )  # fmt: skip


def _drafted(inviting: Institution, invited: Institution, by: User) -> Payout:
    return payouts.draft_payout(payer_id=inviting.pk, payee_id=invited.pk, through=DAY, by=by, at=LATER)


def _rules(caught: pytest.ExceptionInfo[RulesBroken]) -> list[str]:
    return [violation.rule for violation in caught.value.violations]


def test_a_share_is_paid_by_two_persons_and_booked(
    inviting: Institution, invited: Institution, clerk: User, colleague: User
) -> None:
    row = _drafted(inviting, invited, clerk)
    assert row.amount == Decimal("30.00")
    payouts.approve_payout(payout_id=row.pk, by=colleague, at=LATER)
    assert balance(inviting.pk, BANK).posted == 0, "nothing leaves the bank before it has paid"
    paid_on = LATER.date()
    payouts.pay_payout(payout_id=row.pk, reference="20261201-000123", paid_on=paid_on, by=clerk, at=LATER)
    assert balance(inviting.pk, BANK).posted == Decimal("-30.00")
    assert owed_to(inviting.pk, invited.code, through=None) == 0
    assert debts(through=paid_on) == []


def test_paying_twice_books_once(
    inviting: Institution, invited: Institution, clerk: User, colleague: User
) -> None:
    row = _drafted(inviting, invited, clerk)
    payouts.approve_payout(payout_id=row.pk, by=colleague, at=LATER)
    said: dict[str, Any] = {"reference": "20261201-000123", "paid_on": LATER.date(), "by": clerk, "at": LATER}
    payouts.pay_payout(payout_id=row.pk, **said)
    with pytest.raises(IllegalTransition):
        payouts.pay_payout(payout_id=row.pk, **said)
    assert Posting.objects.filter(kind=Kind.PAYOUT_PAID).count() == 1


def test_what_is_not_approved_is_not_paid(inviting: Institution, invited: Institution, clerk: User) -> None:
    row = _drafted(inviting, invited, clerk)
    with pytest.raises(IllegalTransition):
        payouts.pay_payout(payout_id=row.pk, reference="2026-1", paid_on=LATER.date(), by=clerk, at=LATER)


def test_who_drafted_does_not_approve(inviting: Institution, invited: Institution, clerk: User) -> None:
    row = _drafted(inviting, invited, clerk)
    with pytest.raises(RulesBroken) as caught:
        payouts.approve_payout(payout_id=row.pk, by=clerk, at=LATER)
    assert _rules(caught) == ["FN-23"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Payout.objects.filter(pk=row.pk).update(approved_by=clerk)


def test_drafting_again_while_one_is_under_way_is_refused(
    inviting: Institution, invited: Institution, clerk: User
) -> None:
    _drafted(inviting, invited, clerk)
    with pytest.raises(RulesBroken) as caught:
        _drafted(inviting, invited, clerk)
    assert _rules(caught) == ["FN-21"]
    assert Payout.objects.count() == 1


def test_nothing_is_drafted_where_nothing_is_owed(
    inviting: Institution, invited: Institution, clerk: User
) -> None:
    with pytest.raises(RulesBroken) as caught:
        _drafted(invited, inviting, clerk)
    assert _rules(caught) == ["FN-20"]


def test_a_payout_is_for_days_that_have_ended(
    inviting: Institution, invited: Institution, clerk: User
) -> None:
    with pytest.raises(RulesBroken) as caught:
        payouts.draft_payout(
            payer_id=inviting.pk, payee_id=invited.pk, through=LATER.date(), by=clerk, at=LATER
        )
    assert _rules(caught) == ["FN-22"]


def test_a_share_that_went_back_after_the_draft_is_not_paid(
    inviting: Institution, invited: Institution, clerk: User, colleague: User
) -> None:
    row = _drafted(inviting, invited, clerk)
    _share(inviting, invited, "-10.00", "taken back")
    with pytest.raises(RulesBroken) as caught:
        payouts.approve_payout(payout_id=row.pk, by=colleague, at=LATER)
    assert _rules(caught) == ["FN-24"]
    payouts.cancel_payout(payout_id=row.pk, reason="其中一次会诊已退费", by=clerk, at=LATER)
    assert _drafted(inviting, invited, clerk).amount == Decimal("20.00")


def test_what_the_bank_paid_has_its_number_and_a_possible_day(
    inviting: Institution, invited: Institution, clerk: User, colleague: User
) -> None:
    row = _drafted(inviting, invited, clerk)
    payouts.approve_payout(payout_id=row.pk, by=colleague, at=LATER)
    tomorrow = LATER.date() + timedelta(days=1)
    with pytest.raises(RulesBroken) as caught:
        payouts.pay_payout(payout_id=row.pk, reference=" ", paid_on=tomorrow, by=clerk, at=LATER)
    assert _rules(caught) == ["FN-25", "FN-26"]
    row.refresh_from_db()
    assert row.state == PayoutState.APPROVED


def test_giving_a_payout_up_needs_a_reason(inviting: Institution, invited: Institution, clerk: User) -> None:
    row = _drafted(inviting, invited, clerk)
    with pytest.raises(RulesBroken) as caught:
        payouts.cancel_payout(payout_id=row.pk, reason="", by=clerk, at=LATER)
    assert _rules(caught) == ["FN-14"]
