"""What a payment channel has received, given back and transferred."""

from datetime import date, datetime
from decimal import Decimal

from accounts.models import User
from finance.operations.books.writing import bill_of, write
from finance.rules import postings
from finance.rules.postings import Kind
from ledger import operations as ledger
from ledger.models import Posting
from ledger.rules import EntryLine
from payments.models import PaymentOrder, Refund
from payments.states import RefundState


def book_order_paid(order_id: int) -> None:
    """Her share is in, in time or after the order was closed."""
    order = PaymentOrder.objects.get(pk=order_id)
    if order.paid_at is None:
        raise ValueError("an order that is not paid brings nothing")
    lines = postings.received(order.channel, order.amount)
    bill = bill_of(order.bill_id)
    write(Kind.SHARE_RECEIVED, f"order:{order.number}:paid", lines, bill=bill, at=order.paid_at)


def book_refund_requested(refund_id: int) -> None:
    """Her money is to go back."""
    refund = _refund(refund_id)
    lines = postings.refund_requested(refund.amount)
    _write(Kind.REFUND_REQUESTED, refund, "requested", lines, at=refund.requested_at)


def book_refund_failed(refund_id: int, *, at: datetime) -> None:
    """The channel could not give it back."""
    refund = _refund(refund_id)
    book_refund_requested(refund.pk)
    _write(Kind.REFUND_FAILED, refund, "failed", postings.refund_failed(refund.amount), at=at)


def book_refund_done(refund_id: int) -> None:
    """The channel has given it back, by itself or, after it had failed, by hand."""
    refund = _refund(refund_id)
    if refund.done_at is None or refund.state != RefundState.DONE:
        raise ValueError("a refund that is not done moves nothing")
    book_refund_requested(refund.pk)
    if Posting.objects.filter(key=_key(refund, "failed")).exists():
        again = postings.refund_requested(refund.amount)
        _write(Kind.REFUND_REQUESTED, refund, "requested by hand", again, at=refund.done_at)
    lines = postings.refund_done(refund.order.channel, refund.amount)
    _write(Kind.REFUND_DONE, refund, "done", lines, at=refund.done_at)


def book_channel_payout(
    *,
    institution_id: int, channel: str, reference: str, on: date, gross: Decimal, fee: Decimal,
    at: datetime, by: User | None,
) -> None:  # fmt: skip
    """The channel has transferred what it held; ``reference`` is its number of the transfer, once for a channel.

    Args:
        institution_id: whose money.
        channel: a value of ``payments.models.Channel``.
        reference: as on the bank statement.
        on: day of the transfer.
        gross: yuan that the channel held of it.
        fee: yuan that it kept.
        at: now.
        by: who entered it.
    """
    ledger.post(
        key=f"channel:{channel}:{reference}"[:120],
        kind=Kind.CHANNEL_PAID_OUT.value,
        institution_id=institution_id,
        on=on,
        at=at,
        lines=postings.channel_paid_out(channel, gross=gross, fee=fee),
        reason=reference[:200],
        by=by,
    )


def _refund(refund_id: int) -> Refund:
    return Refund.objects.select_related("order").get(pk=refund_id)


def _key(refund: Refund, what: str) -> str:
    return f"refund:{refund.number}:{what}"


def _write(kind: Kind, refund: Refund, what: str, lines: list[EntryLine], *, at: datetime) -> None:
    bill = bill_of(refund.order.bill_id)
    write(kind, _key(refund, what), lines, bill=bill, at=at, reason=refund.reason)
