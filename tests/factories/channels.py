"""What a payment channel has done for a bill, with no channel, written into the books as its events are."""

from datetime import timedelta
from decimal import Decimal

from billing.models import Bill
from finance.operations import books
from payments.models import Channel, PaymentOrder, Refund, Scene
from payments.states import OrderState, RefundState
from tests.factories.encounters import AT

LATER = AT + timedelta(minutes=5)


def paid_order(
    bill: Bill, amount: str, *, channel: str = Channel.WECHAT, state: str = OrderState.PAID
) -> PaymentOrder:
    order = PaymentOrder.objects.create(
        bill=bill, number=f"W{PaymentOrder.objects.count() + 1}", channel=channel, scene=Scene.NATIVE,
        amount=Decimal(amount), description="演示", expires_at=LATER, state=state, created_at=AT, paid_at=AT,
    )  # fmt: skip
    books.book_order_paid(order.pk)
    return order


def refund(order: PaymentOrder, amount: str) -> Refund:
    row = Refund.objects.create(
        order=order,
        number=f"R{Refund.objects.count() + 1}",
        amount=Decimal(amount),
        reason="退回",
        requested_at=LATER,
    )
    books.book_refund_requested(row.pk)
    return row


def done(row: Refund) -> None:
    row.state, row.done_at = RefundState.DONE, LATER
    row.save()
    books.book_refund_done(row.pk)


def failed(row: Refund) -> None:
    row.state = RefundState.FAILED
    row.save()
    books.book_refund_failed(row.pk, at=LATER)
