"""One posting of a bill, dated by the moment it happened."""

from collections.abc import Sequence
from datetime import datetime

from billing.models import Bill
from finance.rules.postings import Kind
from kernel import clock
from ledger import operations as ledger
from ledger.rules import EntryLine


def write(
    kind: Kind, key: str, lines: Sequence[EntryLine], *, bill: Bill, at: datetime, reason: str = ""
) -> None:
    """Post lines that count at once; of nothing, nothing. The day is that of ``at`` in Asia/Shanghai."""
    if lines:
        ledger.post(
            key=key,
            kind=kind.value,
            institution_id=bill.encounter.institution_id,
            on=clock.day_of(at),
            at=at,
            lines=lines,
            subject=bill.number,
            reason=reason[:200],
        )


def bill_of(bill_id: int) -> Bill:
    """The bill with what its postings say of it."""
    return Bill.objects.select_related("encounter").get(pk=bill_id)
