"""Ask again about everything the channel has not answered finally."""

from datetime import datetime, timedelta

from django.db.models import Q

from kernel import jobs
from payments.models import PaymentOrder, Refund
from payments.states import OrderState, RefundState

PAUSE = timedelta(seconds=15)


def sweep(*, at: datetime) -> int:
    """Enqueue a question about each open order and refund not asked about lately; returns how many."""
    quiet = Q(last_asked_at__isnull=True) | Q(last_asked_at__lt=at - PAUSE)
    waiting = PaymentOrder.objects.filter(quiet, state__in=[OrderState.CREATED, OrderState.PLACED])
    overdue = list(waiting.filter(expires_at__lt=at).values_list("pk", flat=True))
    open_orders = list(
        waiting.filter(created_at__lt=at - PAUSE, expires_at__gte=at).values_list("pk", flat=True)
    )
    refunds = list(
        Refund.objects.filter(
            quiet, state__in=[RefundState.REQUESTED, RefundState.PROCESSING], requested_at__lt=at - PAUSE
        ).values_list("pk", flat=True)
    )
    for order_id in overdue:
        jobs.enqueue("payments.close_order", order_id=order_id)
    for order_id in open_orders:
        jobs.enqueue("payments.ask_about_order", order_id=order_id)
    for refund_id in refunds:
        jobs.enqueue("payments.send_refund", refund_id=refund_id)
    return len(overdue) + len(open_orders) + len(refunds)
