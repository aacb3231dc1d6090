"""Money back: written here first, then asked of the channel until it is done."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from accounts.models import User
from audit import operations as audit
from kernel import clock, events, jobs
from kernel.errors import Violation, refuse_if_any
from kernel.identifiers import new_number
from kernel.money import to_fen
from payments.errors import RefundNotPossible
from payments.events import RefundRequested
from payments.gateway.channel import gateway_of
from payments.gateway.port import PaymentRefused, PaymentUnanswered
from payments.gateway.trade import RefundRequest
from payments.gateway.trade import RefundState as ChannelRefund
from payments.models import PaymentOrder, Refund
from payments.operations.refund_answers import record_answer, record_step
from payments.queries import amount_left, amount_under_way
from payments.rules.refunds import refund_violations, same_key_violations
from payments.states import OrderState, RefundEvent, RefundState, held_back

_WAS_PAID = (OrderState.PAID, OrderState.LATE)


@transaction.atomic
def request_refund(
    *,
    order_id: int,
    reason: str,
    by: User | None,
    at: datetime,
    amount: Decimal | None = None,
    key: str = "",
) -> Refund:
    """Give a paid order back, in whole or in part; several refunds of one order are lawful.

    Args:
        order_id: of an order that was paid, in time or late; its row is locked.
        reason: read by the payer at the channel, at most 80 characters.
        by: who wants it; None for the system.
        at: now.
        amount: yuan; None for all that is left, and asking for that again gives the same refund.
        key: who asks; the same key of the same order is the same refund, also after it failed and was asked for anew.

    Raises:
        RefundNotPossible: PY-01, PY-10, PY-11, PY-12.
    """
    order = PaymentOrder.objects.select_for_update(of=("self",)).get(pk=order_id)
    if key and (same := order.refunds.filter(key=key).order_by("pk").last()):
        refuse_if_any(same_key_violations(asked=amount, held=same.amount), RefundNotPossible)
        return same
    left = amount_left(order)
    if amount is None and not key and left == 0 and (last := order.refunds.order_by("pk").last()):
        return last
    asked = left if amount is None else amount
    refuse_if_any(_against(order, asked), RefundNotPossible)
    return _requested(order, asked, reason, key=key, replaces=None, by=by, at=at)


def _against(order: PaymentOrder, amount: Decimal) -> list[Violation]:
    return refund_violations(
        is_paid=order.state in _WAS_PAID,
        paid=order.amount,
        under_way=amount_under_way(order),
        amount=amount,
    )


def _requested(
    order: PaymentOrder, amount: Decimal, reason: str, *,
    key: str, replaces: Refund | None, by: User | None, at: datetime,
) -> Refund:  # fmt: skip
    refund = Refund.objects.create(
        order=order, number=new_number("R", at), amount=amount, reason=reason[:80], key=key, replaces=replaces,
        requested_at=at,
    )  # fmt: skip
    audit.record("payments.refund.requested", on=refund, by=by, at=at, facts={"amount": str(amount)})
    jobs.enqueue("payments.send_refund", refund_id=refund.pk)
    events.publish(RefundRequested(refund.pk))
    return refund


@transaction.atomic
def ask_again(*, refund_id: int, by: User, at: datetime) -> Refund | None:
    """A new refund, with the same key, for one that failed; None when it cannot be or was asked for anew already.

    One that lies at the channel is not: its amount is taken there, and another number would be refused. Where it is not
    known whether it does, the channel is asked first. All that was left is asked for anew as far as it is left still.
    """
    order_id = Refund.objects.values_list("order_id", flat=True).get(pk=refund_id)
    order = PaymentOrder.objects.select_for_update(of=("self",)).get(pk=order_id)
    failed = Refund.objects.get(pk=refund_id)
    is_free = failed.state == RefundState.FAILED and failed.hand_noted_at is None
    amount = min(failed.amount, amount_left(order)) if is_of_all(failed) else failed.amount
    if not is_free or held_back(failed.failure) or hasattr(failed, "replaced_by") or _against(order, amount):
        return None
    if failed.is_unexplained:
        jobs.enqueue("payments.look_at_held_back", refund_id=failed.pk)
        return None
    return _requested(order, amount, failed.reason, key=failed.key, replaces=failed, by=by, at=at)


def is_of_all(refund: Refund) -> bool:
    """Whether all that was left of the order was asked for, and not a part that somebody names by a key."""
    return not refund.key


def send_refund(*, refund_id: int) -> None:
    """Ask the channel to give the money back, or what became of it; calls out, may be repeated."""
    refund = Refund.objects.select_related("order").get(pk=refund_id)
    if refund.state not in (RefundState.REQUESTED, RefundState.PROCESSING):
        return
    asked = Refund.objects.filter(pk=refund_id)
    asked.update(last_asked_at=clock.now(), times_asked=F("times_asked") + 1)
    try:
        answer = _answer_about(refund)
    except PaymentUnanswered:
        return
    except PaymentRefused as refusal:
        if not refusal.is_unknown:
            record_step(refund.number, RefundEvent.FAIL, at=clock.now(), failure=str(refusal))
        return
    record_answer(answer, at=clock.now())


def _answer_about(refund: Refund) -> ChannelRefund:
    """What the channel says; one that it does not know, or says nothing of, is asked for again under its number."""
    gateway = gateway_of(refund.order.channel)
    if refund.state == RefundState.PROCESSING:
        try:
            return gateway.query_refund(refund.number, out_trade_no=refund.order.number)
        except PaymentRefused as refusal:
            if not refusal.is_unknown:
                raise
    return gateway.request_refund(_request(refund))


def _request(refund: Refund) -> RefundRequest:
    """The refund in the channel's words."""
    return RefundRequest(
        out_refund_no=refund.number,
        out_trade_no=refund.order.number,
        refund_fen=to_fen(refund.amount),
        total_fen=to_fen(refund.order.amount),
        reason=refund.reason,
    )
