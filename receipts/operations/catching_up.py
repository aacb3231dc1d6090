"""What a lost job left behind."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Exists, OuterRef, QuerySet

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


@dataclass(frozen=True, slots=True)
class Task:
    """One document that is missing, or one in force that should not be."""

    what: str
    key: int
    issue: Callable[[], object]

    def is_done(self) -> bool:
        """Issue it in a transaction of its own; what goes wrong is logged and keeps none of the others back."""
        with alone(self.what, self.key):
            self.issue()
            return True
        return False


def catch_up(*, at: datetime) -> int:
    """Issue what jobs of the last week have left behind; how many there were, at most a batch of each kind."""
    tasks = list(missing(at - _LOOK_BACK, at - _GRACE, at=at, at_most=_BATCH))
    for task in tasks:
        task.is_done()
    return len(tasks)


def missing(begin: datetime, end: datetime, *, at: datetime, at_most: int | None = None) -> Iterator[Task]:
    """What is missing of bills settled and refunds finished in a time, the oldest first; three statements.

    Args:
        begin: of the time.
        end: of the time, included; jobs that were just sent may still be under way.
        at: when it is issued.
        at_most: of each kind; None for all.
    """
    for bill_id in _without_receipt(begin, end)[:at_most]:
        yield Task("receipt", bill_id, partial(issue_receipt, bill_id=bill_id, by=None, at=at))
    for request_id in _without_certificate(begin, end)[:at_most]:
        certify = partial(issue_refund_certificate, request_id=request_id, by=None, at=at)
        yield Task("refund certificate", request_id, certify)
    for bill_id in _still_in_force(begin, end)[:at_most]:
        yield Task(
            "refund certificate of bill", bill_id, partial(certify_given_back_bill, bill_id=bill_id, at=at)
        )


def _without_receipt(begin: datetime, end: datetime) -> QuerySet[Bill, int]:
    bills = Bill.objects.filter(state=BillState.SETTLED, settled_at__range=(begin, end))
    bills = bills.exclude(purpose__in=[BillPurpose.RETURN, BillPurpose.CORRECTION])
    rows = bills.filter(~Exists(Receipt.objects.filter(bill=OuterRef("pk"))))
    return rows.order_by("settled_at").values_list("pk", flat=True)


def _without_certificate(begin: datetime, end: datetime) -> QuerySet[RefundRequest, int]:
    done = RefundRequest.objects.filter(
        state=RefundRequestState.DONE, finished_at__range=(begin, end), bill__settled_at__isnull=False
    )
    done = done.exclude(payment_refund__order__state=OrderState.LATE)  # It never was on a receipt.
    rows = done.filter(~Exists(Receipt.objects.filter(refund_request=OuterRef("pk"))))
    return rows.order_by("finished_at").values_list("pk", flat=True)


def _still_in_force(begin: datetime, end: datetime) -> QuerySet[Bill, int]:
    bills = Bill.objects.filter(state=BillState.REFUNDED, refunded_at__range=(begin, end))
    wrong = bills.filter(Exists(Receipt.objects.standing().filter(bill=OuterRef("pk"))))
    return wrong.order_by("refunded_at").values_list("pk", flat=True)
