"""Bring the books up to date with what is written: for bills of before there were books, and after a fault."""

from datetime import datetime

from django.db import transaction

from billing.models import Bill
from billing.states import BillState
from finance.operations.books.bills import (
    book_given_back,
    book_opened,
    book_paid,
    book_returned,
    book_voided,
    is_counted,
)
from finance.operations.books.channels import (
    book_order_paid,
    book_refund_done,
    book_refund_failed,
    book_refund_requested,
)
from finance.operations.books.insurer import book_claim
from payments.models import Refund
from payments.states import RefundState


@transaction.atomic
def catch_up(*, bill_id: int, at: datetime) -> None:
    """Post everything of a bill that is not in the books yet, in the order of a usual course; twice does it once.

    Differences and payouts are posted by persons only, and are not looked at.
    """
    bill = Bill.objects.select_for_update(of=("self",)).get(pk=bill_id)
    if bill.reverses_id is not None:
        raise ValueError("a return is caught up with its bill")
    if not is_counted(bill):
        book_opened(bill.pk)
    _book_money(bill, at=at)
    if bill.settled_at and not is_counted(bill):
        book_paid(bill.pk)
    for return_id in bill.returns.order_by("pk").values_list("pk", flat=True):
        book_returned(return_id)
    if bill.state == BillState.REFUNDED:
        book_given_back(bill.pk)
    elif bill.state == BillState.VOID:
        book_voided(bill.pk, at=at)


def _book_money(bill: Bill, *, at: datetime) -> None:
    """What the channels and the insurer have moved."""
    for order in bill.payment_orders.filter(paid_at__isnull=False).order_by("pk"):
        book_order_paid(order.pk)
    for claim in bill.claims.order_by("pk"):
        book_claim(claim.pk)
    for refund in Refund.objects.filter(order__bill=bill).order_by("pk"):
        _book_refund(refund, at=at)


def _book_refund(refund: Refund, *, at: datetime) -> None:
    if refund.state == RefundState.DONE:
        book_refund_done(refund.pk)
    elif refund.state == RefundState.FAILED:
        book_refund_failed(refund.pk, at=at)
    else:
        book_refund_requested(refund.pk)
