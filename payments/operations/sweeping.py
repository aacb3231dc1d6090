"""Ask again about everything a channel has not answered finally."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import F, Q

from kernel import jobs
from payments.models import PaymentOrder, Refund
from payments.operations.notifications import take_waiting
from payments.rules.asking import ORDER_PAUSES, REFUND_PAUSES
from payments.states import HeldBack, OrderState, RefundState

PAUSE = ORDER_PAUSES[0]
LOOK_BACK = timedelta(days=2)
"""Later the comparison of the day's bills has found it."""
CLOSED_AT_ONCE = 5


def sweep(*, at: datetime) -> int:
    """Enqueue a question about each open order and refund whose pause is over; returns how many."""
    take_waiting(at=at)
    waiting = PaymentOrder.objects.filter(
        _is_due(ORDER_PAUSES, at), state__in=[OrderState.CREATED, OrderState.PLACED]
    )
    is_to_end = Q(expires_at__lt=at) | Q(close_wanted_at__lt=at - PAUSE)
    to_close = list(waiting.filter(is_to_end).values_list("pk", flat=True))
    open_orders = list(waiting.filter(~is_to_end, created_at__lt=at - PAUSE).values_list("pk", flat=True))
    to_close += _not_ended_there(at)
    refunds = list(
        Refund.objects.filter(
            _is_due(REFUND_PAUSES, at),
            state__in=[RefundState.REQUESTED, RefundState.PROCESSING],
            requested_at__lt=at - PAUSE,
        ).values_list("pk", flat=True)
    )
    coming = Refund.objects.filter(_is_due(REFUND_PAUSES, at), failure__startswith=f"{HeldBack.TO_HOSPITAL}:")
    to_look_at = list(coming.filter(state=RefundState.FAILED).values_list("pk", flat=True))
    to_look_at += _unexplained(at)
    for order_id in to_close:
        jobs.enqueue("payments.close_order", order_id=order_id)
    for order_id in open_orders:
        jobs.enqueue("payments.ask_about_order", order_id=order_id)
    for refund_id in refunds:
        jobs.enqueue("payments.send_refund", refund_id=refund_id)
    for refund_id in to_look_at:
        jobs.enqueue("payments.look_at_held_back", refund_id=refund_id)
    found = (to_close, open_orders, refunds, to_look_at)
    return sum(map(len, found)) + _look_at_closed(at)


def _unexplained(at: datetime) -> list[int]:
    """Refunds that the channel ended, and whose word for that was not kept: those may lie there."""
    free = Refund.objects.filter(
        _is_due(REFUND_PAUSES, at), replaced_by__isnull=True, hand_noted_at__isnull=True
    )
    ended = free.filter(state=RefundState.FAILED, failure="").exclude(channel_refund_id="")
    return list(ended.values_list("pk", flat=True))


def _not_ended_there(at: datetime) -> list[int]:
    """Orders closed here that the channel may know by now: whoever told it of them may have died before ending them."""
    closed = PaymentOrder.objects.filter(state=OrderState.CLOSED, ended_there_at__isnull=True)
    may_be_paid = closed.filter(_is_due(ORDER_PAUSES, at), expires_at__gt=at, closed_at__lt=at - PAUSE)
    return list(may_be_paid.values_list("pk", flat=True))


def _look_at_closed(at: datetime) -> int:
    """Ask once about orders closed before their time was over: what a signed address brought in since, unheard."""
    unheard = Q(last_asked_at__isnull=True) | Q(last_asked_at__lt=F("expires_at"))
    closed = PaymentOrder.objects.filter(unheard, state=OrderState.CLOSED)
    past = closed.filter(expires_at__range=(at - LOOK_BACK, at - PAUSE))
    found = list(past.order_by("expires_at").values_list("pk", flat=True)[:CLOSED_AT_ONCE])
    for order_id in found:
        jobs.enqueue("payments.ask_about_order", order_id=order_id)
    return len(found)


def _is_due(pauses: Sequence[timedelta], at: datetime) -> Q:
    """Never asked, or the pause after so many questions is over."""
    due = Q(last_asked_at__isnull=True) | Q(times_asked=0, last_asked_at__lt=at - pauses[0])
    for times, pause in enumerate(pauses, start=1):
        asked = Q(times_asked=times) if times < len(pauses) else Q(times_asked__gte=times)
        due |= asked & Q(last_asked_at__lt=at - pause)
    return due
