"""What a lost job left behind."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from billing.models import Bill, BillPurpose
from billing.states import BillState
from kernel.jobs import alone
from payments.states import OrderState
from receipts.models import Receipt
from receipts.operations.certifying import certify_given_back_bill, issue_refund_certificate
from receipts.operations.issuing import issue_receipt
from refunds.models import RefundRequest
from refunds.states import RefundRequestState

_LOOK_BACK = timedelta(days=7)
_GRACE = timedelta(minutes=2)
"""So long the job that was sent may need."""
_BATCH = 200


def catch_up(*, at: datetime, since: datetime | None = None) -> int:
    """Issue what is missing of bills settled and refunds finished since; how many there were, at most a batch each.

    Args:
        at: now.
        since: look back to this moment; a week by default.
    """
    begin, end = since or at - _LOOK_BACK, at - _GRACE
    settled = _without_receipt(begin, end)
    for bill_id in settled:
        with alone("receipt", bill_id):
            issue_receipt(bill_id=bill_id, by=None, at=at)
    finished = _without_certificate(begin, end)
    for request_id in finished:
        with alone("refund certificate", request_id):
            issue_refund_certificate(request_id=request_id, by=None, at=at)
    given_back = _still_in_force(begin, end)
    for bill_id in given_back:
        with alone("refund certificate of bill", bill_id):
            certify_given_back_bill(bill_id=bill_id, at=at)
    return len(settled) + len(finished) + len(given_back)


def _without_receipt(begin: datetime, end: datetime) -> list[int]:
    bills = Bill.objects.filter(state=BillState.SETTLED, settled_at__range=(begin, end))
    bills = bills.exclude(purpose__in=[BillPurpose.RETURN, BillPurpose.CORRECTION])
    missing = bills.filter(~Exists(Receipt.objects.filter(bill=OuterRef("pk"))))
    return list(missing.order_by("settled_at").values_list("pk", flat=True)[:_BATCH])


def _without_certificate(begin: datetime, end: datetime) -> list[int]:
    done = RefundRequest.objects.filter(
        state=RefundRequestState.DONE, finished_at__range=(begin, end), bill__settled_at__isnull=False
    )
    done = done.exclude(payment_refund__order__state=OrderState.LATE)  # It never was on a receipt.
    missing = done.filter(~Exists(Receipt.objects.filter(refund_request=OuterRef("pk"))))
    return list(missing.order_by("finished_at").values_list("pk", flat=True)[:_BATCH])


def _still_in_force(begin: datetime, end: datetime) -> list[int]:
    bills = Bill.objects.filter(state=BillState.REFUNDED, refunded_at__range=(begin, end))
    wrong = bills.filter(Exists(Receipt.objects.standing().filter(bill=OuterRef("pk"))))
    return list(wrong.order_by("refunded_at").values_list("pk", flat=True)[:_BATCH])
