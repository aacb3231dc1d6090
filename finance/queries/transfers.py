"""What the channels hold, and what they have handed over to the bank; amounts in yuan."""

from decimal import Decimal

from django.db.models import QuerySet

from finance.rules.postings import Kind
from ledger.models import Posting
from ledger.queries import balances_of
from ledger.rules import AccountKind
from registry.models import Institution


def transfers() -> QuerySet[Posting]:
    """Transfers of all channels, newest first, with their entries and accounts."""
    rows = Posting.objects.filter(kind=Kind.CHANNEL_PAID_OUT).select_related("institution", "by")
    return rows.prefetch_related("entries__account").order_by("-pk")


def is_entered(channel: str, reference: str) -> bool:
    """Whether a transfer of this number is in the books."""
    return Posting.objects.filter(key=f"channel:{channel}:{reference}"[:120]).exists()


def held() -> list[tuple[Institution, str, Decimal]]:
    """What each channel holds of each institution now; one statement for each institution, one besides."""
    return [
        (institution, row.account.party, row.balance)
        for institution in Institution.objects.order_by("pk")
        for row in balances_of(institution.pk, AccountKind.CHANNEL_CLEARING)
        if row.balance
    ]
