"""Closing orders: wanted here, done at the channel, and made sure of where the channel had not known the order."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from kernel import clock, jobs
from payments.gateway.channel import gateway_of
from payments.gateway.port import PaymentRefused, PaymentUnanswered
from payments.models import PaymentOrder
from payments.operations.recording import record_closed, record_order
from payments.rules.orders import calls_nobody
from payments.states import OrderState

MAY_STILL_ARRIVE = timedelta(minutes=1)
"""Longer than any call to place an order takes: what the channel does not know by then it was never told. Ours."""


@transaction.atomic
def want_closed(*, order_id: int, at: datetime) -> None:
    """Somebody wants the order to end; written with it, so that no job that is lost leaves it open to be paid.

    Who holds the order now records what became of it, and may want what the caller holds, such as its checkout: nobody
    waits here, and the job closes it. Asking again is lawful.
    """
    free = PaymentOrder.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
    for order in free.filter(pk=order_id, close_wanted_at__isnull=True):
        order.close_wanted_at = at
        order.save(update_fields=["close_wanted_at"])
    jobs.enqueue("payments.close_order", order_id=order_id)


def close_order(*, order_id: int) -> None:
    """Make sure an order can never be paid any more, or learn that it is paid; calls out, may be repeated."""
    order = PaymentOrder.objects.get(pk=order_id)
    if order.state == OrderState.CLOSED and order.ended_there_at is None:
        note_question(order_id)
        end_there(order)
    if not order.is_open:
        return
    note_question(order_id)
    try:
        gateway_of(order.channel).close_order(order.number)
    except PaymentUnanswered:
        return
    except PaymentRefused as refusal:
        _learn_why_not_closed(order, refusal)
        return
    # WeChat Pay closes what it does not know, too: an order that was never placed may still be on its way there.
    is_known = order.state == OrderState.PLACED
    record_closed(order_id, at=clock.now(), reason="closed", is_there=is_known)


def _learn_why_not_closed(order: PaymentOrder, refusal: PaymentRefused) -> None:
    if refusal.is_already_paid:
        _hear_of_payment(order)
    elif refusal.is_unknown or _is_closed(refusal):
        record_closed(order.pk, at=clock.now(), reason="closed", is_there=_is_closed(refusal))


def _hear_of_payment(order: PaymentOrder) -> bool:
    """Take over what the channel says of an order that it does not close; whether it has answered.

    Where that contradicts us, a wish to end the order counts: the incident shows the money to a person, and nobody waits
    for this order any more.
    """
    try:
        answer = gateway_of(order.channel).query_order(order.number)
    except (PaymentUnanswered, PaymentRefused):
        return False
    record_order(answer, at=clock.now())
    order.refresh_from_db()
    if order.is_open and answer.is_paid and order.close_wanted_at:
        record_closed(order.pk, at=clock.now(), reason="contradicted", is_there=True)
    return True


def end_there(order: PaymentOrder, *, is_known: bool = False) -> None:
    """It is closed here, and the channel may have been told of it meanwhile: it closes it, too.

    While the channel does not answer it is asked again (``payments.operations.sweeping``); whoever pays before has the
    money back by itself. ``is_known``: whether the channel has just said that it knows the order.
    """
    if _is_ended_there(order, is_known=is_known):
        closed = PaymentOrder.objects.filter(pk=order.pk, state=OrderState.CLOSED)
        closed.update(ended_there_at=clock.now())


def _is_ended_there(order: PaymentOrder, *, is_known: bool) -> bool:
    try:
        gateway_of(order.channel).close_order(order.number)
    except PaymentUnanswered:
        return False
    except PaymentRefused as refusal:
        if refusal.is_already_paid:
            return _hear_of_payment(order)
        return _is_closed(refusal) or (refusal.is_unknown and _has_arrived(order))
    return is_known or _has_arrived(order)


def _is_closed(refusal: PaymentRefused) -> bool:
    return refusal.code == "ORDER_CLOSED"


def _has_arrived(order: PaymentOrder) -> bool:
    """Whether the channel has been told of it by now, or never will be."""
    is_long_ago = order.closed_at is not None and clock.now() >= order.closed_at + MAY_STILL_ARRIVE
    return is_long_ago and not calls_nobody(order.scene)


def note_question(order_id: int) -> None:
    """The channel is asked about it now; the next question waits for its pause."""
    asked = PaymentOrder.objects.filter(pk=order_id)
    asked.update(last_asked_at=clock.now(), times_asked=F("times_asked") + 1)
