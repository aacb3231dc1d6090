"""An office that reads somebody's document leaves a trace."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from receipts.models import Receipt


@transaction.atomic
def note_reading(*, receipt_id: int, document: str, by: User, at: datetime) -> None:
    """Write down who opened which document by her office alone."""
    receipt = Receipt.objects.select_for_update(of=("self",), no_key=True).get(pk=receipt_id)
    audit.record("receipts.document.read", on=receipt, by=by, at=at, facts={"document": document})
