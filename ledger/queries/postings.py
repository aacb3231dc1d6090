"""Postings of a bill, entries of an account, and what was announced and never resolved."""

from datetime import date

from django.db.models import Prefetch, QuerySet

from ledger.models import Entry, Posting
from ledger.rules import AccountKey
from ledger.states import Phase


def entries_of(subject: str) -> list[Posting]:
    """Postings about a bill in the order in which they were made, each with ``entries`` and their accounts."""
    entries = Prefetch("entries", Entry.objects.select_related("account"))
    return list(
        Posting.objects.filter(subject=subject).select_related("by").prefetch_related(entries).order_by("pk")
    )


def entries_of_account(
    institution_id: int | None, account: AccountKey, *, first: date, last: date
) -> QuerySet[Entry]:
    """Entries of days (both included), newest first, each with its posting; of all institutions for None."""
    found = Entry.objects.filter(
        account__kind=account.kind,
        account__party=account.party,
        account__category=account.category,
        on__gte=first,
        on__lte=last,
    )
    if institution_id:
        found = found.filter(account__institution_id=institution_id)
    return found.select_related("posting__by", "posting__institution").order_by("-on", "-pk")


def pending_postings() -> QuerySet[Posting]:
    """Announced, and neither confirmed nor voided; oldest first."""
    return Posting.objects.filter(phase=Phase.PENDING, resolution__isnull=True).order_by("at")
