"""When receipts are made: soon after the money has moved, in jobs of their own.

A number is given in a transaction that holds the counter of the hospital: it must be a short one.
"""

from checkout.events import BillRefunded, BillSettled
from kernel import jobs
from kernel.events import subscribe
from refunds.events import RefundFinished


@subscribe(BillSettled)
def issue(event: BillSettled) -> None:
    """A receipt for what was paid."""
    jobs.enqueue("receipts.issue_receipt", bill_id=event.bill_id)


@subscribe(RefundFinished)
def certify(event: RefundFinished) -> None:
    """A certificate for what went back."""
    jobs.enqueue("receipts.issue_refund_certificate", request_id=event.request_id)


@subscribe(BillRefunded)
def certify_bill(event: BillRefunded) -> None:
    """A certificate for a bill that went back without a request."""
    jobs.enqueue("receipts.certify_given_back_bill", bill_id=event.bill_id)
