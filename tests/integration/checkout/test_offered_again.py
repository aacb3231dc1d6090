"""The insurer does not settle a bill of medicines after her share is in: she may still buy them herself."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pgtrigger
import pytest

from accounts.models import User
from billing.models import Bill, BillPurpose
from billing.states import BillState
from checkout.events import BillRefunded
from checkout.models import Checkout
from checkout.operations import choose_self_pay, unwind
from checkout.states import CheckoutState
from insurance.models import Claim
from insurance.states import ClaimState
from kernel import clock, events
from payments.models import PaymentOrder, Refund
from tests.integration.checkout.conftest import finish_refund, pay, settlements_at_the_insurer
from tests.verification.simulators import Simulators

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], None]


@pytest.fixture
def bill(bill: Bill) -> Bill:
    """Of medicines; to the insurer it is the same."""
    with pgtrigger.ignore("billing.Bill:frozen"):
        Bill.objects.update(purpose=BillPurpose.DRUGS)
    bill.refresh_from_db()
    return bill


@pytest.fixture
def refused(checkout: Checkout, user: User, simulators: Simulators, work: Work) -> Checkout:
    """Her 2.00 are in, and the insurer refuses."""
    simulators.control("insurer", "faults", infno="2207A", kind="business_error", text="演示：不予结算")
    pay(checkout, user, simulators, work)
    return checkout


def test_her_share_goes_back_and_the_bill_is_offered_to_her_again(
    refused: Checkout, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    monkeypatch.setitem(events._handlers, BillRefunded, [lambda event: told.append(event.bill_id)])
    finish_refund(work)
    refused.refresh_from_db()
    assert refused.state == CheckoutState.DECLINED
    assert "演示：不予结算" in refused.decline_reason
    assert (refused.order, refused.paid_at, refused.unwind_reason) == (None, None, "")
    assert refused.bill.state == BillState.OPEN
    assert Refund.objects.get().amount == Decimal("2.00")
    assert told == [], "the prescription is not cancelled"


def test_she_then_pays_all_of_it_herself_in_another_order(
    refused: Checkout, user: User, simulators: Simulators, work: Work
) -> None:
    finish_refund(work)
    choose_self_pay(checkout_id=refused.pk, by=user, at=clock.now())
    pay(refused, user, simulators, work)
    assert refused.state == CheckoutState.SETTLED
    assert [(order.round, order.amount) for order in PaymentOrder.objects.order_by("pk")] == [
        (1, Decimal("2.00")),
        (2, Decimal("10.00")),
    ]
    assert settlements_at_the_insurer(simulators) == []


def test_other_amounts_than_agreed_are_taken_back_and_the_bill_is_offered_again(
    checkout: Checkout, user: User, simulators: Simulators, work: Work
) -> None:
    simulators.control("insurer", "faults", infno="2207A", kind="amounts_differ")
    pay(checkout, user, simulators, work)
    finish_refund(work)
    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.DECLINED
    assert Claim.objects.get().state == ClaimState.REVERSED
    assert checkout.bill.state == BillState.OPEN


def test_a_prescription_cancelled_while_her_share_goes_back_is_not_offered_again(
    refused: Checkout, work: Work
) -> None:
    unwind(bill_id=refused.bill_id, reason="医生撤销处方", by=None, at=clock.now())
    finish_refund(work)
    refused.refresh_from_db()
    assert refused.state == CheckoutState.REFUNDED


def test_when_the_time_to_pay_is_over_it_is_closed(refused: Checkout, work: Work) -> None:
    Checkout.objects.update(pay_by=clock.now() - timedelta(minutes=1))
    finish_refund(work)
    refused.refresh_from_db()
    assert refused.state == CheckoutState.CLOSED
    assert Bill.objects.get().state == BillState.VOID
