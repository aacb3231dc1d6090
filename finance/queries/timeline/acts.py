"""Steps from the record of acts: who did what to the bill, its checkout, its claims, orders, refunds and receipts."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.urls import reverse

from audit.models import AuditEntry
from billing.models import Bill
from finance.queries.timeline.step import Sort, Step
from finance.queries.timeline.subjects import Subjects
from finance.queries.timeline.words import QUOTED, words_of
from kernel.money import to_yuan

_FAILED = {
    "decline",
    "declined",
    "fail",
    "failed",
    "contradicted",
    "lose_answer",
    "share_differs",
    "disputed",
}
_SILENT = ".read"
_NOTES = ("reason", "transaction", "paid", "share", "fen", "situation", "reference")


def quote_of(bill: Bill) -> Iterator[Step]:
    """What the bill was priced by, when that was kept."""
    made = bill.stored_quote
    if made is not None:
        yield Step(made.made_at, "", QUOTED, bill.total_amount, made.sha256[:12], sort=Sort.CHANNEL)


def acts_on(subjects: Subjects) -> Iterator[Step]:
    """Every act on what hangs on the bill, in one statement; readings left out."""
    wanted = [Q(subject_type=kind, subject_id__in=ids) for kind, ids in subjects.audited().items() if ids]
    entries = AuditEntry.objects.filter(reduce(or_, wanted)).select_related("by").order_by("pk")
    return (_step(entry, subjects) for entry in entries if not entry.action.endswith(_SILENT))


def _step(entry: AuditEntry, subjects: Subjects) -> Step:
    facts = entry.facts if isinstance(entry.facts, Mapping) else {}
    row = _row_of(entry, subjects)
    notes = [_number_of(row), *(str(facts[name]) for name in _NOTES if name in facts)]
    return Step(
        at=entry.at,
        actor=entry.by.display_name if entry.by else "",
        what=words_of(entry.action),
        amount=_amount(facts, row),
        message=" · ".join(filter(None, notes)),
        url=reverse("insurance:claim", args=[row.batch_number]) if hasattr(row, "batch_number") else "",
        sort=Sort.DOCUMENT if entry.subject_type == "receipts.receipt" else Sort.ACT,
        kind="failed" if entry.action.rpartition(".")[2] in _FAILED else "done",
    )


def _row_of(entry: AuditEntry, subjects: Subjects) -> Any:
    """The record of an act, where it has a number or an amount of its own; else None."""
    rows: dict[str, Mapping[int, Any]] = {
        "billing.bill": subjects.bills,
        "insurance.claim": subjects.claims,
        "payments.paymentorder": subjects.orders,
        "payments.refund": subjects.refunds,
        "refunds.refundrequest": subjects.requests,
        "receipts.receipt": subjects.receipts,
    }
    return rows.get(entry.subject_type, {}).get(int(entry.subject_id))


def _number_of(row: Any) -> str:
    """The number the record goes by, an order's with its channel."""
    number = str(getattr(row, "number", getattr(row, "batch_number", "")))
    return f"{row.get_channel_display()} {number}" if hasattr(row, "channel") else number


def _amount(facts: Mapping[str, Any], row: Any) -> Decimal | None:
    """What the act says it is about; else what an order, a refund or a request is about."""
    said = facts.get("total", facts.get("amount", getattr(row, "amount", getattr(row, "asked_amount", None))))
    try:
        return None if said is None else to_yuan(str(said))
    except InvalidOperation:
        return None
