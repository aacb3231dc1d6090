"""What repricing does when prices were corrected, or money has gone back."""

from checkout.events import BillRefunded
from kernel import clock
from kernel.events import subscribe
from pricing.events import PricesCorrected
from pricing.models import PriceRevision
from refunds.events import RefundDeclined, RefundFinished
from repricing import operations


@subscribe(PricesCorrected)
def list_corrections(event: PricesCorrected) -> None:
    """The charges that the corrected prices touch are collected for review."""
    publisher = PriceRevision.objects.select_related("published_by").get(pk=event.revision_id).published_by
    operations.draft_corrections(revision_id=event.revision_id, by=publisher, at=clock.now())


@subscribe(BillRefunded)
def withdraw_paybacks(event: BillRefunded) -> None:
    """The whole bill is back; a part of it is not paid back once more."""
    operations.withdraw_paybacks(bill_id=event.bill_id, at=clock.now())
    operations.withdraw_supplements(bill_id=event.bill_id, at=clock.now())


@subscribe(RefundFinished)
def note_refund(event: RefundFinished) -> None:
    """What a corrected price had brought in too much is back."""
    operations.note_refund(request_id=event.request_id, at=clock.now())


@subscribe(RefundDeclined)
def withdraw_declined(event: RefundDeclined) -> None:
    """What went back with the rest of a bill is not paid back once more."""
    operations.note_declined(request_id=event.request_id, at=clock.now())
