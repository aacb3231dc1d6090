"""Celery shells of receipts."""

from celery import shared_task

from kernel import clock
from receipts import operations


@shared_task(name="receipts.issue_receipt", ignore_result=True)
def issue_receipt(bill_id: int) -> None:
    """Issue the receipt of one bill, unless all of it is on its way back already."""
    operations.issue_if_settled(bill_id=bill_id, at=clock.now())


@shared_task(name="receipts.issue_refund_certificate", ignore_result=True)
def issue_refund_certificate(request_id: int) -> None:
    """Certify one refund."""
    operations.issue_refund_certificate(request_id=request_id, by=None, at=clock.now())


@shared_task(name="receipts.certify_given_back_bill", ignore_result=True)
def certify_given_back_bill(bill_id: int) -> None:
    """Certify one bill that was given back."""
    operations.certify_given_back_bill(bill_id=bill_id, at=clock.now())


@shared_task(name="receipts.catch_up", ignore_result=True)
def catch_up() -> None:
    """Issue what a lost job left behind."""
    operations.catch_up(at=clock.now())
