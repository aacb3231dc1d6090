"""What a channel says of one of our orders, taken over once; calls nobody."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext, gettext_noop, override

from audit import operations as audit
from kernel import events, jobs
from kernel.errors import Violation
from kernel.money import to_fen
from payments.events import OrderClosed, OrderPaid, OrderPlaced, PaidAfterClosing
from payments.gateway.trade import OrderState as ChannelOrder
from payments.gateway.trade import TradeState
from payments.models import IncidentKind, PaymentOrder
from payments.operations.incidents import is_said_again, note_incident
from payments.operations.refunds import request_refund
from payments.rules.orders import answer_violations
from payments.states import ORDER, OrderEvent, OrderState

PAID_LATE = gettext_noop("Paid after the time to pay was over.")


@transaction.atomic
def record_placed(order_id: int, url: str) -> OrderState:
    """The channel waits for the person; a payment, or closing, that came first wins. Returns where the order stands.

    Who she is at the channel was needed to place it, and is forgotten here.
    """
    order = PaymentOrder.objects.select_for_update(of=("self",)).get(pk=order_id)
    if not ORDER.allows(order.state, OrderEvent.PLACE):
        return OrderState(order.state)
    order.state = ORDER.after(order.state, OrderEvent.PLACE)
    order.cashier_url, order.payer_id = url, ""
    order.save(update_fields=["state", "cashier_url", "payer_id"])
    events.publish(OrderPlaced(order_id))
    return OrderState.PLACED


def record_order(answer: ChannelOrder, *, at: datetime) -> None:
    """Take over what the channel says of one of our orders."""
    if answer.is_paid:
        _record_paid(answer, at=at)
        return
    order = PaymentOrder.objects.filter(number=answer.out_trade_no).first()
    if order is None:
        return
    if answer.trade_state in (TradeState.CLOSED, TradeState.REVOKED):
        record_closed(order.pk, at=at, reason=answer.trade_state, is_there=True)
    elif answer.trade_state == TradeState.PAYERROR:
        # A failed attempt does not make the order unpayable; the channel closes it, or says that it is paid.
        jobs.enqueue("payments.close_order", order_id=order.pk)


@transaction.atomic
def _record_paid(answer: ChannelOrder, *, at: datetime) -> None:
    """Record the payment once; an amount that is not ours is never taken for a payment, and a late one goes back."""
    order = PaymentOrder.objects.select_for_update(of=("self",)).filter(number=answer.out_trade_no).first()
    if order is None:
        return
    wrong = answer_violations(
        asked_fen=to_fen(order.amount),
        said_fen=answer.amount_fen,
        currency=answer.currency,
        is_ours=answer.is_ours,
    )
    if wrong or _is_second_payment(order, answer):
        _contradict(order, answer, wrong, at=at)
    elif order.state not in (OrderState.PAID, OrderState.LATE):
        _take_payment(order, answer, at=at)


def _is_second_payment(order: PaymentOrder, answer: ChannelOrder) -> bool:
    """Whether money came for it before, under another number of the channel."""
    return bool(order.transaction_id) and order.transaction_id != answer.transaction_id


def _take_payment(order: PaymentOrder, answer: ChannelOrder, *, at: datetime) -> None:
    is_late = order.state == OrderState.CLOSED
    order.state = ORDER.after(order.state, OrderEvent.PAY_LATE if is_late else OrderEvent.PAY)
    order.transaction_id = answer.transaction_id
    order.paid_at, order.payer_id = answer.paid_at or at, ""
    order.save(update_fields=["state", "transaction_id", "paid_at", "payer_id"])
    facts = {"transaction": answer.transaction_id}
    audit.record(f"payments.order.{order.state}", on=order, by=None, at=at, facts=facts)
    if is_late:
        note_incident(
            IncidentKind.LATE, channel=order.channel, subject=order.number, order=order, at=at, facts=facts
        )
        _give_back(order, at=at)
        events.publish(PaidAfterClosing(order.pk))
    else:
        events.publish(OrderPaid(order.pk))


def _give_back(order: PaymentOrder, *, at: datetime) -> None:
    """Nothing waits for this money any more: all of it goes back, once."""
    with override("zh-hans"):
        reason = gettext(PAID_LATE)
    request_refund(order_id=order.pk, reason=reason, by=None, at=at, key="late")


def _contradict(order: PaymentOrder, answer: ChannelOrder, wrong: list[Violation], *, at: datetime) -> None:
    """Nothing is paid by it; a person of the finance office compares both sides."""
    facts = {"fen": answer.amount_fen, "currency": answer.currency, "transaction": answer.transaction_id}
    facts |= {"rules": [each.rule for each in wrong]}
    if is_said_again(order, order.number, facts, at=at):
        return
    audit.record("payments.order.contradicted", on=order, by=None, at=at, facts=facts)
    kind = IncidentKind.CONTRADICTED
    note_incident(kind, channel=order.channel, subject=order.number, order=order, facts=facts, at=at)


@transaction.atomic
def record_closed(order_id: int, *, at: datetime, reason: str, is_there: bool = False) -> None:
    """The order is dead; ``is_there``: at the channel, too, as it says itself."""
    order = PaymentOrder.objects.select_for_update(of=("self",)).get(pk=order_id)
    if not ORDER.allows(order.state, OrderEvent.CLOSE):
        return
    order.state = ORDER.after(order.state, OrderEvent.CLOSE)
    order.closed_at, order.ended_there_at, order.payer_id = at, at if is_there else None, ""
    order.save(update_fields=["state", "closed_at", "ended_there_at", "payer_id"])
    audit.record("payments.order.closed", on=order, by=None, at=at, facts={"reason": str(reason)})
    events.publish(OrderClosed(order.pk))
