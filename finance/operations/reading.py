"""Traces of who looked at a patient's money."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from billing.models import Bill


@transaction.atomic
def note_reading(*, bill_id: int, by: User, at: datetime) -> None:
    """Somebody of an office opened the course of a bill."""
    bill = Bill.objects.select_for_update(of=("self",), no_key=True).get(pk=bill_id)
    audit.record("finance.bill.read", on=bill, by=by, at=at)
