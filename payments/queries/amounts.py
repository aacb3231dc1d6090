"""What of an order went back, and what of it still can; amounts in yuan."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Q, Sum

from kernel.money import ZERO
from payments.models import PaymentOrder, Refund
from payments.states import HeldBack, OrderState, RefundState


def amount_under_way(order: PaymentOrder) -> Decimal:
    """Yuan of an order that went back, are on their way, lie at the channel, or were noted as given back by hand."""
    refunds = Refund.objects.filter(order=order)
    is_gone = ~Q(state=RefundState.FAILED) | Q(hand_noted_at__isnull=False)
    for where in HeldBack:
        is_gone |= Q(failure__startswith=f"{where}:")
    gone = refunds.filter(is_gone)
    return gone.aggregate(sum=Sum("amount"))["sum"] or ZERO


def amount_left(order: PaymentOrder) -> Decimal:
    """Yuan of a paid order that can still be given back."""
    return order.amount - amount_under_way(order)


def is_given_back(order: PaymentOrder) -> bool:
    """Whether all of a paid order is back."""
    done = order.refunds.filter(state=RefundState.DONE).aggregate(sum=Sum("amount"))["sum"] or ZERO
    return bool(done >= order.amount)


def round_of(bill_id: int) -> int:
    """In which round a bill is paid: an order that was given back in full is over."""
    paid: Iterable[PaymentOrder] = PaymentOrder.objects.filter(bill=bill_id, state=OrderState.PAID)
    return 1 + len([order for order in paid if is_given_back(order)])
