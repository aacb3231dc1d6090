"""The insurer does not take its part back, and a person has made sure of it: everything stays paid."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pgtrigger
import pytest

from accounts.models import User
from audit.models import AuditEntry
from billing.models import Bill, BillPurpose
from billing.states import BillState
from checkout.events import BillSettled
from checkout.models import Checkout
from checkout.states import CheckoutState
from insurance.models import Claim
from insurance.operations import conclude_by_hand, take_over
from insurance.rules.commands import Conclusion
from insurance.states import ClaimState
from kernel import clock, events
from reconciliation.models import Comparison
from reconciliation.operations import opening, running
from reconciliation.rules.kinds import Kind, Source
from tests.factories.accounts import UserFactory
from tests.integration.checkout.conftest import pay
from tests.verification.simulators import Simulators

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], None]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Bills of which everybody heard that they are settled."""
    heard: list[int] = []
    handlers = [*events.subscribers_of(BillSettled), lambda event: heard.append(event.bill_id)]
    monkeypatch.setitem(events._handlers, BillSettled, handlers)
    return heard


def let_it_stand(claim: Claim) -> None:
    """A person looked long after the last question: the insurer keeps the settlement."""
    long_ago, clerk = clock.now() - timedelta(days=6), UserFactory()
    Claim.objects.update(
        needs_person_since=long_ago, unknown_since=long_ago, last_asked_at=long_ago, next_ask_at=None
    )
    take_over(claim_id=claim.pk, by=clerk, at=clock.now())
    conclude_by_hand(
        claim_id=claim.pk, conclusion=Conclusion.STANDS, reason="李会计在经办系统中查到未撤销",
        by=clerk, at=clock.now(),
    )  # fmt: skip


def settle_otherwise(checkout: Checkout, user: User, simulators: Simulators, work: Work) -> None:
    """Her 2.00 are in; the insurer settles other amounts and does not take them back."""
    simulators.control("insurer", "faults", infno="2207A", kind="amounts_differ")
    simulators.control("insurer", "faults", infno="2208", kind="http_502")
    pay(checkout, user, simulators, work)
    claim = Claim.objects.get()
    assert (checkout.state, claim.state) == (CheckoutState.REVERSING, ClaimState.REVERSAL_UNCONFIRMED)
    let_it_stand(claim)
    checkout.refresh_from_db()


@pytest.mark.parametrize("purpose", [BillPurpose.DRUGS, BillPurpose.CONSULTATION])
def test_a_bill_settled_with_other_amounts_is_settled_when_they_stand(
    purpose: BillPurpose, checkout: Checkout, user: User, simulators: Simulators, work: Work, told: list[int]
) -> None:
    with pgtrigger.ignore("billing.Bill:frozen"):
        Bill.objects.update(purpose=purpose)
    settle_otherwise(checkout, user, simulators, work)
    bill = Bill.objects.get()
    assert (checkout.state, checkout.unwind_reason) == (CheckoutState.SETTLED, "")
    assert (bill.state, bill.settled_at is not None) == (BillState.SETTLED, True)
    assert told == [bill.pk], "medicines may be handed out"


def test_what_she_paid_and_what_is_hers_now_differ_and_finance_finds_it(
    checkout: Checkout, user: User, simulators: Simulators, work: Work
) -> None:
    with pgtrigger.ignore("billing.Bill:frozen"):
        Bill.objects.update(purpose=BillPurpose.DRUGS)
    settle_otherwise(checkout, user, simulators, work)
    bill = Bill.objects.get()
    assert bill.cash_amount not in (None, Decimal("2.00"))
    trace = AuditEntry.objects.get(action="checkout.share_differs")
    assert trace.facts == {"paid": "2.00", "share": str(bill.cash_amount)}
    books: Comparison = next(
        one for one in opening.open_day(clock.day_of(clock.now())) if one.source == Source.BOOKS
    )
    running.run_comparison(comparison_id=books.pk, by=None, at=clock.now())
    found = books.differences.get()
    assert (found.bill, found.kind, found.our_cash, found.their_cash) == (
        bill,
        Kind.AMOUNT,
        bill.cash_amount,
        Decimal("2.00"),
    )
