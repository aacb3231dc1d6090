"""Certifying a refund: the red one takes the receipt out of force, and a new one says what stands."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from billing.models import Bill
from billing.states import BillState
from kernel.errors import refuse_if_any
from payments.states import OrderState
from receipts.errors import ReceiptRefused
from receipts.models import Receipt
from receipts.operations.issuing import locked_bill, new_number, write
from receipts.queries.gathering import content_of, given_back_by, refunds_of
from receipts.rules.content import RefundFacts, from_json
from receipts.rules.numbered import certificate_violations
from receipts.rules.standing import GivenBack, everything_of, what_stands, what_went_back
from receipts.states import ReceiptKind
from refunds.models import RefundRequest
from refunds.states import RefundRequestState

_UNNAMED = "given_back"
"""Situation of a bill that was given back without a request."""


@transaction.atomic
def issue_refund_certificate(*, request_id: int, by: User | None, at: datetime) -> Receipt | None:
    """The certificate of a finished refund; asked again, the same.

    None when there is nothing to certify: the bill was never settled, so nobody has a receipt of it; or what went back
    had come too late, so it never was on one.

    Raises:
        ReceiptRefused: RE-02, the money is not back.
    """
    request = RefundRequest.objects.select_related("return_bill", "payment_refund__order").get(pk=request_id)
    bill = locked_bill(request.bill_id)
    known = Receipt.objects.filter(refund_request=request).first()
    if known is not None:
        return known
    refuse_if_any(certificate_violations(is_done=request.state == RefundRequestState.DONE), ReceiptRefused)
    before = None if _came_too_late(request) else _standing(bill, by=by, at=at)
    if before is None:
        return None
    given = given_back_by(request, from_json(before.content))
    facts = {"situation": request.situation, "reason": request.reason, "number": request.number}
    return _replace(
        before, given, facts, bill, request.finished_at or at, by=by, at=at, request_id=request.pk
    )


@transaction.atomic
def certify_given_back_bill(*, bill_id: int, at: datetime) -> Receipt | None:
    """The certificate of a bill that was given back as a whole without a request; None when there is none to make."""
    bill = locked_bill(bill_id)
    asked = RefundRequest.objects.filter(bill=bill, scope="whole").exclude(state=RefundRequestState.DECLINED)
    before = Receipt.objects.standing().filter(bill=bill).first()
    if bill.state != BillState.REFUNDED or before is None or asked.exists():
        return None
    given = everything_of(from_json(before.content), refunds_of(bill))
    facts = {"situation": _UNNAMED, "reason": "", "number": ""}
    return _replace(before, given, facts, bill, bill.refunded_at or at, by=None, at=at)


def _came_too_late(request: RefundRequest) -> bool:
    """Whether the money was of an order that had been closed: the bill was paid, or not, without it."""
    back = request.payment_refund
    return back is not None and back.order.state == OrderState.LATE


def _standing(bill: Bill, *, by: User | None, at: datetime) -> Receipt | None:
    """The receipt in force; of a bill that was settled and has none yet, first the one as it was paid."""
    standing = Receipt.objects.standing().filter(bill=bill).first()
    if standing is not None or bill.settled_at is None or Receipt.objects.filter(bill=bill).exists():
        return standing
    return write(bill, ReceiptKind.RECEIPT, content_of(bill), new_number(bill, at), by=by, at=at)


def _replace(
    before: Receipt,
    given: GivenBack,
    said: dict[str, str],
    bill: Bill,
    refunded_at: datetime,
    *,
    by: User | None,
    at: datetime,
    request_id: int | None = None,
) -> Receipt:
    """The red one, the old one out of force, and the new one for what stands."""
    content = from_json(before.content)
    after = what_stands(content, given, said["reason"])
    number, next_number = new_number(bill, at), new_number(bill, at) if after else ""
    facts = RefundFacts(**said, at=refunded_at, cancelled=before.number, standing=next_number)
    red = write(
        bill, ReceiptKind.REFUND, what_went_back(content, given, facts), number,
        by=by, at=at, follows=before, request_id=request_id,
    )  # fmt: skip
    before.cancelled_by, before.cancelled_at = red, at
    before.save(update_fields=["cancelled_by", "cancelled_at"])
    audit.record("receipts.receipt.cancelled", on=before, by=by, at=at, facts={"by": red.number})
    if after:
        write(bill, ReceiptKind.RECEIPT, after, next_number, by=by, at=at, follows=before)
    return red
