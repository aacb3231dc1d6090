"""Money back: written here first, then asked of the channel until it is done."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from kernel import clock, events, jobs
from kernel.identifiers import new_number
from kernel.money import to_fen
from payments.events import RefundDone, RefundFailed
from payments.gateway.channel import wechat_pay
from payments.gateway.messages import RefundRequest, RefundStatus
from payments.gateway.messages import RefundState as ChannelRefund
from payments.gateway.port import PaymentRefused, PaymentUnanswered
from payments.models import PaymentOrder, Refund
from payments.states import REFUND, OrderState, RefundEvent, RefundState

_EVENTS = {
    RefundStatus.SUCCESS: RefundEvent.COMPLETE,
    RefundStatus.PROCESSING: RefundEvent.ACCEPT,
    RefundStatus.ABNORMAL: RefundEvent.FAIL,
    RefundStatus.CLOSED: RefundEvent.FAIL,
}


@transaction.atomic
def request_refund(*, order_id: int, reason: str, by: User | None, at: datetime) -> Refund:
    """Give a paid order back in full; asking twice gives the same refund.

    Raises:
        ValueError: the order is not paid; there is nothing to give back.
    """
    order = PaymentOrder.objects.select_for_update().get(pk=order_id)
    if order.state != OrderState.PAID:
        raise ValueError("only a paid order is given back")
    live = order.refunds.exclude(state=RefundState.FAILED).first()
    if live:
        return live
    refund = Refund.objects.create(
        order=order, number=new_number("R", at), amount=order.amount, reason=reason[:80], requested_at=at
    )
    audit.record("payments.refund.requested", on=refund, by=by, at=at, facts={"amount": str(refund.amount)})
    jobs.enqueue("payments.send_refund", refund_id=refund.pk)
    return refund


def ask_again(*, refund_id: int, by: User, at: datetime) -> Refund | None:
    """A new refund for one that failed; None when it has not failed or another is under way."""
    failed = Refund.objects.select_related("order").get(pk=refund_id)
    if failed.state != RefundState.FAILED or failed.order.refunds.exclude(state=RefundState.FAILED).exists():
        return None
    return request_refund(order_id=failed.order_id, reason=failed.reason, by=by, at=at)


def send_refund(*, refund_id: int) -> None:
    """Ask the channel to give the money back, or what became of it; calls out, may be repeated."""
    refund = Refund.objects.select_related("order").get(pk=refund_id)
    if refund.state not in (RefundState.REQUESTED, RefundState.PROCESSING):
        return
    Refund.objects.filter(pk=refund_id).update(last_asked_at=clock.now())
    gateway = wechat_pay()
    try:
        if refund.state == RefundState.PROCESSING:
            answer = gateway.query_refund(refund.number)
        else:
            answer = gateway.request_refund(_request(refund))
    except PaymentUnanswered:
        return
    except PaymentRefused as refusal:
        if not refusal.is_unknown:
            _move(refund.number, RefundEvent.FAIL, at=clock.now(), failure=str(refusal))
        return
    record_answer(answer, at=clock.now())


def _request(refund: Refund) -> RefundRequest:
    """The refund in the channel's words."""
    return RefundRequest(
        out_refund_no=refund.number,
        out_trade_no=refund.order.number,
        refund_fen=to_fen(refund.amount),
        total_fen=to_fen(refund.order.amount),
        reason=refund.reason,
    )


def record_answer(answer: ChannelRefund, *, at: datetime) -> None:
    """Take over what the channel says of one of our refunds."""
    _move(answer.out_refund_no, _EVENTS[answer.status], at=at, channel_refund_id=answer.refund_id)


@transaction.atomic
def _move(
    number: str, event: RefundEvent, *, at: datetime, channel_refund_id: str = "", failure: str = ""
) -> None:
    """One step of the refund's life; what does not fit the state is old news."""
    refund = Refund.objects.select_for_update(of=("self",)).filter(number=number).first()
    if refund is None or not REFUND.allows(refund.state, event):
        return
    refund.state = REFUND.after(refund.state, event)
    refund.channel_refund_id = channel_refund_id or refund.channel_refund_id
    refund.failure = failure[:200]
    refund.done_at = at if refund.state == RefundState.DONE else None
    refund.save(update_fields=["state", "channel_refund_id", "failure", "done_at"])
    audit.record(f"payments.refund.{refund.state}", on=refund, by=None, at=at)
    if refund.state == RefundState.DONE:
        events.publish(RefundDone(refund.pk))
    elif refund.state == RefundState.FAILED:
        events.publish(RefundFailed(refund.pk))
