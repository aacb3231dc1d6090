"""What must be true of a person before a document is handed to her."""

from datetime import datetime

from accounts.models import User
from receipts.models import Receipt
from receipts.operations import note_reading
from receipts.queries.visible import is_hers
from receipts.states import Document


def hand_over(user: User, receipt: Receipt, document: Document, *, at: datetime) -> None:
    """An office that opens somebody's document leaves a trace; a patient opens her own without."""
    if not is_hers(user, receipt.bill):
        note_reading(receipt_id=receipt.pk, document=document.value, by=user, at=at)
