"""What goes back by itself, because a policy says so."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from billing.models import Bill
from checkout.models import Checkout
from checkout.operations import lock_checkout, unwind
from checkout.states import CheckoutState
from kernel.money import ZERO
from refunds.models import RefundRequest, Scope
from refunds.operations import steps
from refunds.operations.asking import second_person_reasons
from refunds.operations.sending import send
from refunds.queries.policies import policy_for
from refunds.queries.requests import cash_left, left_lines, open_requests, standing_amount
from refunds.rules.parts import given_back
from refunds.rules.situations import REASONS, Gives, Situation
from refunds.states import UNDER_WAY

_PAID = (
    CheckoutState.SETTLING, CheckoutState.SETTLED, CheckoutState.REVERSING, CheckoutState.REFUNDING,
)  # fmt: skip


@transaction.atomic
def refund_by_policy(
    *, bill_id: int, situation: Situation, by: User | None, at: datetime, reason: str = ""
) -> RefundRequest | None:
    """Give back what the policy of a situation gives, without asking anybody; asking twice does it once.

    A bill that nobody has paid is closed whatever the policy says. A request that waits for a second person is answered
    by a policy that asks nobody, and by no other. None when nothing goes back.

    Args:
        bill_id: the bill; it has a checkout.
        situation: what happened.
        by: whose doing it is; None for the system.
        at: now.
        reason: other words for the patient than those of the situation, at most 80 characters.
    """
    checkout = lock_checkout(bill_id=bill_id)
    said = (reason.strip() or REASONS[situation])[:80]
    if checkout.state not in _PAID:
        unwind(bill_id=bill_id, reason=said, by=by, at=at)
        return None
    whole = open_requests(bill_id).filter(scope=Scope.WHOLE)
    if going := whole.filter(state__in=UNDER_WAY).first():
        unwind(bill_id=bill_id, reason=said, by=by, at=at)
        return going
    policy = policy_for(situation)
    if policy.gives is Gives.NOTHING:
        return None
    if waiting := whole.first():
        if second_person_reasons(waiting, policy):
            return waiting
        steps.set_aside(bill_id, at=at)
    request = _request(checkout, situation, policy.gives, said, by=by, at=at)
    if request and not second_person_reasons(request, policy):
        steps.accept(request, by=None, at=at)
        send(request, by=by, at=at)
    return request


def _request(
    checkout: Checkout, situation: Situation, gives: Gives, reason: str, *, by: User | None, at: datetime
) -> RefundRequest | None:
    bill = checkout.bill
    if gives is not Gives.ALL_BUT_ONSITE_FEE:
        return steps.make(bill, situation, Scope.WHOLE, standing_amount(bill), reason=reason, by=by, at=at)
    quantities = given_back(gives, left_lines(bill))
    if not quantities:
        return None
    return steps.make_lines(bill, situation, quantities, reason=reason, by=by, at=at)


@transaction.atomic
def refund_amount(
    *, bill_id: int, amount: Decimal, situation: Situation, key: str, by: User | None, at: datetime
) -> RefundRequest | None:
    """Give an amount of her cash back that was worked out elsewhere; the same key is the same request.

    None when the bill was not paid through a channel, or less than this is left of her payment.
    """
    if not Checkout.objects.filter(bill=bill_id).exists():
        return None
    checkout = lock_checkout(bill_id=bill_id)
    if same := RefundRequest.objects.filter(key=key, bill=bill_id).first():
        return same
    if checkout.unwind_reason or not ZERO < amount <= cash_left(checkout):
        return None
    bill = Bill.objects.get(pk=bill_id)
    request = steps.make(bill, situation, Scope.CASH, amount, key=key, by=by, at=at)
    if not second_person_reasons(request, policy_for(situation)):
        steps.accept(request, by=None, at=at)
        send(request, by=by, at=at)
    return request
