"""What insurer, channel and checkout say means for the requests that wait for it; callers hold the transaction."""

from dataclasses import replace
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_noop

from billing.models import Bill
from billing.queries import standing_parts
from billing.rules import Parts
from billing.states import BillState
from checkout.models import Checkout
from checkout.rules import NOT_SETTLED, OTHER_AMOUNT
from checkout.states import CheckoutState
from insurance.models import LineReturn
from insurance.operations.returning import returned_units
from kernel.money import ZERO
from payments.models import Refund
from payments.states import OrderState, RefundState
from refunds.models import RefundRequest, Scope
from refunds.operations import steps
from refunds.operations.asking import second_person_reasons
from refunds.operations.sending import attempt
from refunds.queries.policies import policy_for
from refunds.queries.requests import open_requests, standing_amount
from refunds.rules.situations import Situation
from refunds.states import REFUND_REQUEST, UNDER_WAY, RefundRequestEvent, RefundRequestState

STANDS = gettext_noop("The insurer does not take its part back.")

_BACK = (CheckoutState.REFUNDED, CheckoutState.DECLINED)
_GOING = (CheckoutState.REVERSING, CheckoutState.REFUNDING)


def follow_checkout(bill_id: int, *, at: datetime) -> None:
    """A bill goes back as a whole: what is on its way has a request, and it ends when everything is back."""
    checkout = Checkout.objects.select_related("bill", "order").get(bill=bill_id)
    found = open_requests(bill_id).filter(scope=Scope.WHOLE, state__in=UNDER_WAY).first()
    request = steps.one(found.pk) if found else None
    if checkout.state == CheckoutState.REFUNDED:
        _end_parts(checkout, at=at)
    if request is None:
        if checkout.state in _GOING:
            _note(_by_itself(checkout, at=at), checkout)
    elif checkout.state in _GOING:
        _note(request, checkout)
    elif checkout.state in _BACK:
        _whole_is_back(request, checkout, at=at)
    elif checkout.state == CheckoutState.SETTLED and not checkout.unwind_reason:
        steps.fail(request, STANDS, at=at)


def _by_itself(checkout: Checkout, *, at: datetime) -> RefundRequest:
    """Nobody asked for it: the insurer did not settle, or she paid too late."""
    bill, reason = checkout.bill, checkout.unwind_reason
    is_insurers = reason in (NOT_SETTLED, OTHER_AMOUNT)
    situation = Situation.NOT_SETTLED if is_insurers else Situation.LATE_PAYMENT
    paid = checkout.order.amount if checkout.order else ZERO
    amount = standing_amount(bill) if bill.state == BillState.SETTLED else paid
    steps.set_aside(bill.pk, at=at)
    request = steps.make(bill, situation, Scope.WHOLE, amount, reason=reason, by=None, at=at)
    steps.accept(request, by=None, at=at)
    steps.move(request, RefundRequestEvent.SEND, by=None, at=at, sent_at=at)
    return request


def _note(request: RefundRequest, checkout: Checkout) -> None:
    """Which refund at the channel belongs to it."""
    if request.payment_refund_id is None and checkout.state == CheckoutState.REFUNDING and checkout.order:
        request.payment_refund = checkout.order.refunds.filter(key="").order_by("pk").last()
        request.save(update_fields=["payment_refund"])


def _end_parts(checkout: Checkout, *, at: datetime) -> None:
    """Amounts of her cash that the channel could not give by themselves went back with the rest of her payment."""
    failed = open_requests(checkout.bill_id).filter(scope=Scope.CASH, state=RefundRequestState.FAILED)
    is_with_the_rest = Q(payment_refund__order=checkout.order_id, payment_refund__state=RefundState.FAILED)
    gone = failed.filter(Q(payment_refund__isnull=True) | is_with_the_rest)
    for request_id in gone.values_list("pk", flat=True):
        steps.refuse(steps.one(request_id), reason=steps.INSTEAD, by=None, at=at)


def _whole_is_back(request: RefundRequest, checkout: Checkout, *, at: datetime) -> None:
    """By its own refund, or by parts that were given back meanwhile: those belong to their own requests."""
    own = request.payment_refund
    at_channel = own.amount if own and own.state == RefundState.DONE else ZERO
    was_paid = Bill.objects.filter(pk=checkout.bill_id, settled_at__isnull=False).exists()
    standing = standing_parts(checkout.bill_id) if was_paid else Parts.nothing()
    request.say_parts(replace(standing, cash=at_channel))
    steps.finish(request, at=at)


def take_lines(line_return_id: int, *, at: datetime) -> None:
    """The insurer has settled what stays: who has how much back is known; hers goes to the channel."""
    returned = LineReturn.objects.select_related("claim__bill", "requested_by").get(pk=line_return_id)
    known = RefundRequest.objects.filter(line_return=returned).first()
    request = steps.one(known.pk) if known else _ordered_at_the_insurer(returned, at=at)
    if Checkout.objects.get(bill=request.bill_id).unwind_reason:
        steps.refuse(request, reason=steps.INSTEAD, by=None, at=at)
    elif request.state == RefundRequestState.SENDING:
        attempt(request, by=request.requested_by, at=at)


def _ordered_at_the_insurer(returned: LineReturn, *, at: datetime) -> RefundRequest:
    """The insurance office returned lines by itself: what is hers goes back like any other refund."""
    situation, by = Situation.LINES_RETURNED, returned.requested_by
    request = steps.make_lines(
        returned.claim.bill, situation, returned_units(returned), by=by, at=at, line_return=returned
    )
    if not second_person_reasons(request, policy_for(situation)):
        steps.accept(request, by=None, at=at)
        steps.move(request, RefundRequestEvent.SEND, by=by, at=at, sent_at=at)
    return request


def keep_settlement(bill_id: int, *, at: datetime) -> None:
    """The insurer takes nothing back: lines that were to be returned there stay as they are."""
    waiting = open_requests(bill_id).filter(
        scope=Scope.LINES, state=RefundRequestState.SENDING, return_bill__isnull=True
    )
    for request_id in waiting.values_list("pk", flat=True):
        steps.fail(steps.one(request_id), STANDS, at=at)


def take_refund(refund_id: int, *, at: datetime) -> None:
    """The channel has given it back; of a whole bill the checkout says when everything is."""
    for request in _of_refund(refund_id):
        if request.scope != Scope.WHOLE:
            steps.finish(request, at=at)


def take_failure(refund_id: int, *, at: datetime) -> None:
    """The channel cannot give it back."""
    words = Refund.objects.values_list("failure", flat=True).get(pk=refund_id)
    for request in _of_refund(refund_id):
        steps.fail(request, words or gettext_noop("The payment channel could not give it back."), at=at)


def take_new_refund(refund_id: int, *, at: datetime) -> None:
    """A refund that failed is asked for anew, or money that came too late goes back by itself."""
    refund = Refund.objects.select_related("order__bill").get(pk=refund_id)
    if refund.replaces_id:
        for request in _of_refund(refund.replaces_id):
            request.payment_refund = refund
            request.save(update_fields=["payment_refund"])
            if REFUND_REQUEST.allows(request.state, RefundRequestEvent.SEND):
                steps.move(request, RefundRequestEvent.SEND, by=None, at=at, sent_at=at, failure="")
    elif refund.order.state == OrderState.LATE:
        _late(refund, at=at)


def _late(refund: Refund, *, at: datetime) -> None:
    request = steps.make(
        refund.order.bill, Situation.LATE_PAYMENT, Scope.CASH, refund.amount, by=None, at=at,
        payment_refund=refund,
    )  # fmt: skip
    steps.accept(request, by=None, at=at)
    request.say_parts(Parts.of_cash(refund.amount))
    steps.move(request, RefundRequestEvent.SEND, by=None, at=at, sent_at=at)


def _of_refund(refund_id: int) -> list[RefundRequest]:
    """The requests that wait for a refund at the channel, locked."""
    waiting = RefundRequest.objects.filter(payment_refund=refund_id, state__in=UNDER_WAY)
    return [steps.one(pk) for pk in waiting.values_list("pk", flat=True)]
