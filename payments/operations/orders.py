"""Payment orders: written here first, then placed, asked about and closed at the channel."""

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from audit import operations as audit
from billing.models import Bill
from kernel import clock, events, jobs
from kernel.errors import refuse_if_any
from kernel.identifiers import new_number
from kernel.money import to_fen
from payments.errors import OrderNotPossible
from payments.events import OrderClosed, OrderPaid, OrderPlaced, PaidAfterClosing
from payments.gateway.channel import wechat_pay
from payments.gateway.messages import OrderRequest, TradeState
from payments.gateway.messages import OrderState as ChannelOrder
from payments.gateway.port import PaymentRefused, PaymentUnanswered
from payments.models import Channel, PaymentOrder, Scene
from payments.queries import is_offered, round_of
from payments.rules.orders import amount_violations, offer_violations, scene_violations
from payments.states import ORDER, OrderEvent, OrderState

_OPEN = (OrderState.CREATED, OrderState.PLACED)


@transaction.atomic
def create_order(
    *,
    bill_id: int,
    amount: Decimal,
    scene: Scene,
    channel: Channel = Channel.WECHAT,
    description: str,
    expires_at: datetime,
    by: User,
    at: datetime,
    payer_id: str = "",
) -> PaymentOrder:
    """The one live order of a bill: the existing one, or a new one that a job places at the channel.

    An order that was given back in full is over; the bill is paid in another round. Asking for another way while an
    order is open closes that one first: the open one is returned, and the new way is there once ``OrderClosed`` came,
    so that there are never two orders that could be paid.

    Args:
        bill_id: whose share is paid; its row is locked, so a double click gives one order.
        amount: yuan, more than zero.
        scene: how the person reaches the cashier.
        channel: who moves the money.
        description: what the person reads at the cashier, at most 127 characters.
        expires_at: the channel refuses payment after it.
        by: who pays.
        at: now.
        payer_id: who pays, in the channel's words (openid); JSAPI needs it.

    Raises:
        OrderNotPossible: PY-01, PY-02, PY-03.
    """
    bill = Bill.objects.select_for_update(of=("self",)).select_related("encounter").get(pk=bill_id)
    number_of_round = round_of(bill_id)
    held = PaymentOrder.objects.exclude(state__in=[OrderState.CLOSED, OrderState.LATE])
    if found := held.filter(bill=bill_id, round=number_of_round).first():
        if (found.channel, found.scene) != (channel, scene) and found.state in _OPEN:
            jobs.enqueue("payments.close_order", order_id=found.pk)
        return found
    _refuse_order(bill.encounter.institution_id, amount, scene, channel, payer_id)
    order = PaymentOrder.objects.create(
        bill_id=bill_id, round=number_of_round, number=new_number("P", at), channel=channel, scene=scene,
        payer_id=payer_id, amount=amount, description=description, expires_at=expires_at, created_at=at,
    )  # fmt: skip
    facts = {"amount": str(amount), "channel": str(channel)}
    audit.record("payments.order.created", on=order, by=by, at=at, facts=facts)
    jobs.enqueue("payments.place_order", order_id=order.pk)
    return order


def _refuse_order(
    institution_id: int, amount: Decimal, scene: Scene, channel: Channel, payer_id: str
) -> None:
    refuse_if_any(
        [
            *amount_violations(amount),
            *offer_violations(is_offered=is_offered(institution_id, channel)),
            *scene_violations(channel, scene, payer_id),
        ],
        OrderNotPossible,
    )


def place_order(*, order_id: int) -> None:
    """Tell the channel of an order that it may not know yet; calls out, never inside a transaction.

    The same number with the same words is the same order there, so this may be repeated.
    """
    order = PaymentOrder.objects.get(pk=order_id)
    if order.state != OrderState.CREATED:
        return
    place = getattr(wechat_pay(), f"place_{order.scene}_order")
    try:
        url = place(_request(order))
    except PaymentUnanswered:
        return  # the sweeper asks again
    except PaymentRefused as refusal:
        if not refusal.is_already_paid:
            _close(order_id, at=clock.now(), reason=refusal.code)
        return
    _placed(order_id, url)


def _request(order: PaymentOrder) -> OrderRequest:
    """The order in the channel's words."""
    with translation.override(None):
        notify_path = reverse("payments:wechat_notification")
    return OrderRequest(
        out_trade_no=order.number,
        description=order.description,
        amount_fen=to_fen(order.amount),
        notify_url=f"{settings.PUBLIC_BASE_URL}{notify_path}",
        expires_at=order.expires_at,
    )


@transaction.atomic
def _placed(order_id: int, url: str) -> None:
    """The channel waits for the person; a payment that came first wins."""
    order = PaymentOrder.objects.select_for_update().get(pk=order_id)
    if not ORDER.allows(order.state, OrderEvent.PLACE):
        return
    order.state = ORDER.after(order.state, OrderEvent.PLACE)
    order.cashier_url = url
    order.save(update_fields=["state", "cashier_url"])
    events.publish(OrderPlaced(order_id))


def ask_about(*, order_id: int) -> None:
    """Ask the channel what became of an order and record it; calls out."""
    order = PaymentOrder.objects.get(pk=order_id)
    if order.state == OrderState.CREATED:
        place_order(order_id=order_id)
        return
    if order.state != OrderState.PLACED:
        return
    PaymentOrder.objects.filter(pk=order_id).update(last_asked_at=clock.now())
    try:
        answer = wechat_pay().query_order(order.number)
    except (PaymentUnanswered, PaymentRefused):
        return
    record_answer(answer, at=clock.now())


def close_order(*, order_id: int) -> None:
    """Make sure an order can never be paid any more, or learn that it is paid; calls out."""
    order = PaymentOrder.objects.get(pk=order_id)
    if order.state not in (OrderState.CREATED, OrderState.PLACED):
        return
    try:
        wechat_pay().close_order(order.number)
    except PaymentUnanswered:
        return
    except PaymentRefused as refusal:
        if refusal.is_already_paid:
            ask_about(order_id=order_id)
            return
        if not refusal.is_unknown and refusal.code != "ORDER_CLOSED":
            return
    _close(order_id, at=clock.now(), reason="closed")


def record_answer(answer: ChannelOrder, *, at: datetime) -> None:
    """Take over what the channel says of one of our orders."""
    if answer.is_paid:
        _paid(answer, at=at)
        return
    order = PaymentOrder.objects.filter(number=answer.out_trade_no).first()
    if order is None:
        return
    if answer.trade_state in (TradeState.CLOSED, TradeState.REVOKED):
        _close(order.pk, at=at, reason=answer.trade_state)
    elif answer.trade_state == TradeState.PAYERROR:
        # A failed attempt does not make the order unpayable; the channel closes it, or says that it is paid.
        jobs.enqueue("payments.close_order", order_id=order.pk)


@transaction.atomic
def _paid(answer: ChannelOrder, *, at: datetime) -> None:
    """Record the payment once; an amount that is not ours is never taken for a payment, and a late one goes back."""
    order = PaymentOrder.objects.select_for_update(of=("self",)).filter(number=answer.out_trade_no).first()
    if order is None or order.state in (OrderState.PAID, OrderState.LATE):
        return
    if answer.amount_fen != to_fen(order.amount):
        audit.record(
            "payments.order.contradicted", on=order, by=None, at=at, facts={"fen": answer.amount_fen}
        )
        return
    event = OrderEvent.PAY_LATE if order.state == OrderState.CLOSED else OrderEvent.PAY
    order.state = ORDER.after(order.state, event)
    order.transaction_id = answer.transaction_id
    order.paid_at = answer.paid_at or at
    order.save(update_fields=["state", "transaction_id", "paid_at"])
    facts = {"transaction": answer.transaction_id}
    audit.record(f"payments.order.{order.state}", on=order, by=None, at=at, facts=facts)
    events.publish(PaidAfterClosing(order.pk) if order.state == OrderState.LATE else OrderPaid(order.pk))


@transaction.atomic
def _close(order_id: int, *, at: datetime, reason: str) -> None:
    """Record that the order is dead."""
    order = PaymentOrder.objects.select_for_update().get(pk=order_id)
    if not ORDER.allows(order.state, OrderEvent.CLOSE):
        return
    order.state = ORDER.after(order.state, OrderEvent.CLOSE)
    order.closed_at = at
    order.save(update_fields=["state", "closed_at"])
    audit.record("payments.order.closed", on=order, by=None, at=at, facts={"reason": str(reason)})
    events.publish(OrderClosed(order.pk))
