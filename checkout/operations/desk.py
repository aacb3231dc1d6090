"""What a person orders about a checkout that hangs: go on, or stop (CO-01 to CO-04)."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from checkout.models import Checkout
from checkout.operations import steps
from checkout.operations.unwinding import unwind
from checkout.rules import pushing_violations, stopping_violations
from checkout.states import CheckoutState
from insurance import operations as insurance
from kernel import jobs
from kernel.errors import refuse_if_any
from payments.models import Refund
from payments.operations import refunds
from payments.states import RefundState, held_back

_AT_INSURER = (CheckoutState.ESTIMATING, CheckoutState.SETTLING, CheckoutState.REVERSING)
_ASKED_OF_CHANNEL = (RefundState.REQUESTED, RefundState.PROCESSING)


@transaction.atomic
def push(*, checkout_id: int, by: User, at: datetime) -> Checkout:
    """Ask whoever owes the answer at once: the insurer, or the channel about the order or the refund.

    The same question may be asked any number of times; the schedules go on beside it. Every refund that failed is
    asked for again.

    Raises:
        RulesBroken: CO-01; IN-30 when the insurer's answer is known and a person must conclude.
    """
    checkout = steps.locked(pk=checkout_id)
    refuse_if_any(pushing_violations(checkout.state))
    audit.record("checkout.pushed", on=checkout, by=by, at=at, facts={"step": str(checkout.state)})
    if checkout.state in _AT_INSURER and checkout.claim_id:
        insurance.ask_now(claim_id=checkout.claim_id, by=by, at=at)
    elif checkout.state == CheckoutState.PAYING:
        jobs.enqueue("payments.ask_about_order", order_id=checkout.order_id)
    elif checkout.state == CheckoutState.REFUNDING:
        _push_refunds(checkout, by=by, at=at)
    return checkout


def _push_refunds(checkout: Checkout, *, by: User, at: datetime) -> None:
    """What the channel has not answered is asked again; what lies there is looked at; what failed is asked for anew.

    All that was left goes before its parts, and the newest before what it may take in: otherwise a part takes its room.
    """
    found = Refund.objects.filter(order__bill=checkout.bill_id)
    for refund in sorted(found, key=lambda one: (not refunds.is_of_all(one), -one.pk)):
        if refund.state in _ASKED_OF_CHANNEL:
            jobs.enqueue("payments.send_refund", refund_id=refund.pk)
        elif refund.state == RefundState.FAILED and held_back(refund.failure):
            jobs.enqueue("payments.look_at_held_back", refund_id=refund.pk)
        elif refund.state == RefundState.FAILED:
            refunds.ask_again(refund_id=refund.pk, by=by, at=at)


@transaction.atomic
def stop(*, checkout_id: int, reason: str, by: User, at: datetime) -> Checkout:
    """End a checkout that is not settled: an open order is closed at the channel first, what came in goes back.

    Args:
        checkout_id: the checkout.
        reason: 4 to 80 characters; the patient reads it.
        by: who stops it.
        at: now.

    Raises:
        RulesBroken: CO-02, CO-03, CO-04.
    """
    checkout = steps.locked(pk=checkout_id)
    refuse_if_any(stopping_violations(checkout.state, reason=reason))
    facts = {"step": str(checkout.state), "reason": reason.strip()}
    audit.record("checkout.stopped", on=checkout, by=by, at=at, facts=facts)
    unwind(bill_id=checkout.bill_id, reason=reason.strip(), by=by, at=at)
    checkout.refresh_from_db()
    return checkout
