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
from kernel import clock, jobs
from kernel.errors import refuse_if_any
from kernel.identifiers import new_number
from kernel.money import to_fen
from payments.errors import OrderNotPossible
from payments.gateway.channel import gateway_of
from payments.gateway.port import PaymentRefused, PaymentUnanswered
from payments.gateway.trade import Cashier, OrderRequest
from payments.models import Channel, PaymentOrder, Scene
from payments.operations.closing import close_order, end_there, note_question
from payments.operations.recording import record_closed, record_order, record_placed
from payments.queries import is_offered, round_of
from payments.rules.orders import amount_violations, offer_violations, scene_violations
from payments.states import OrderState


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
        if (found.channel, found.scene) != (channel, scene) and found.is_open:
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
    is_known = True
    try:
        url = gateway_of(order.channel).place(wire_order(order), order.scene)
    except PaymentUnanswered:
        is_known = False
        order.refresh_from_db()  # the sweeper asks again
    except PaymentRefused as refusal:
        _learn_why_not_placed(order, refusal)
        return
    else:
        order.state = record_placed(order_id, url)
    if order.state == OrderState.CLOSED:
        end_there(order, is_known=is_known)


def _learn_why_not_placed(order: PaymentOrder, refusal: PaymentRefused) -> None:
    """Somebody who died may have placed it before, and she may have paid it: what the channel knows decides."""
    try:
        answer = gateway_of(order.channel).query_order(order.number)
    except PaymentUnanswered:
        return
    except PaymentRefused as unknown:
        if unknown.is_unknown:
            record_closed(order.pk, at=clock.now(), reason=refusal.code)
        return
    record_order(answer, at=clock.now())
    close_order(order_id=order.pk)  # It waits there, and nobody can be led to it.


def wire_order(order: PaymentOrder) -> OrderRequest:
    """The order in every channel's words."""
    with translation.override(None):
        notify_path = reverse(f"payments:{order.channel}_notification")
    return OrderRequest(
        out_trade_no=order.number,
        description=order.description,
        amount_fen=to_fen(order.amount),
        notify_url=f"{settings.PUBLIC_BASE_URL}{notify_path}",
        expires_at=order.expires_at,
        payer_id=order.payer_id,
    )


def cashier_of(order: PaymentOrder, *, return_url: str) -> Cashier | None:
    """How the payer reaches the cashier and comes back; calls nobody. None: the channel does not wait for her.

    Args:
        order: of any channel.
        return_url: the whole address of the page to come back to.
    """
    if order.state != OrderState.PLACED:
        return None
    return gateway_of(order.channel).cashier(wire_order(order), order.scene, order.cashier_url, return_url)


def ask_about(*, order_id: int) -> None:
    """Ask the channel what became of an order and record it; calls out."""
    order = PaymentOrder.objects.get(pk=order_id)
    if order.state == OrderState.CLOSED:
        _ask_about_closed(order)
        return
    if not order.is_open:
        return
    note_question(order_id)
    if order.state == OrderState.CREATED:
        place_order(order_id=order_id)
        return
    try:
        answer = gateway_of(order.channel).query_order(order.number)
    except (PaymentUnanswered, PaymentRefused):
        return
    record_order(answer, at=clock.now())


def _ask_about_closed(order: PaymentOrder) -> None:
    """Whether money came in for it after all; one answer after its time is over ends the question."""
    try:
        answer = gateway_of(order.channel).query_order(order.number)
    except PaymentUnanswered:
        return
    except PaymentRefused:
        note_question(order.pk)
        return
    note_question(order.pk)
    record_order(answer, at=clock.now())
