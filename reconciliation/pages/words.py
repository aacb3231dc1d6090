"""States, statuses and moments in the page's language."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from kernel.errors import Text
from reconciliation.rules.kinds import Kind
from reconciliation.states import ComparisonState, DifferenceState


@dataclass(frozen=True, slots=True)
class Badge:
    """Kind of the vocabulary, and its word."""

    kind: str
    word: Text


COMPARISONS = {
    ComparisonState.WAITING: Badge("waiting", _("Not compared yet")),
    ComparisonState.RUNNING: Badge("progress", _("Being compared")),
    ComparisonState.UNREACHED: Badge("confirming", _("No statement yet")),
    ComparisonState.BALANCED: Badge("done", _("Balanced")),
    ComparisonState.DIFFERING: Badge("needs", _("Differences")),
    ComparisonState.CLEARED: Badge("done", _("Worked through")),
}

DIFFERENCES = {
    DifferenceState.OPEN: Badge("needs", _("Not looked after yet")),
    DifferenceState.TAKEN: Badge("progress", _("Being looked after")),
    DifferenceState.EXPLAINED: Badge("needs", _("Explained, to be closed")),
    DifferenceState.CORRECTED: Badge("needs", _("Corrected, to be closed")),
    DifferenceState.CLOSED: Badge("done", _("Closed")),
}

SECOND_PERSON = Badge("needs", _("Waits for a second person"))

KIND_ICONS = {
    Kind.ONLY_US: "minus",
    Kind.ONLY_THEM: "plus",
    Kind.AMOUNT: "swap",
    Kind.STATUS: "sync",
    Kind.UNKNOWN: "confirming",
}

TITLES = {
    Kind.ONLY_US: _("We hold it, they do not"),
    Kind.ONLY_THEM: _("They hold it, we do not"),
    Kind.AMOUNT: _("Amounts differ"),
    Kind.STATUS: _("Status differs"),
    Kind.UNKNOWN: _("Outcome unknown"),
}

_STATUSES: dict[str, Text] = {
    "draft": _("being prepared"),
    "presettled": _("estimated only"),
    "declined": _("refused"),
    "settling": _("being settled"),
    "unconfirmed": _("being confirmed"),
    "settled": _("settled"),
    "reversing": _("being taken back"),
    "reversal_unconfirmed": _("taking back, being confirmed"),
    "reversed": _("taken back"),
    "abandoned": _("given up"),
    "voiding": _("being undone"),
    "voided": _("undone"),
    "in_force": _("stands"),
    "created": _("ordered"),
    "placed": _("waits for payment"),
    "paid": _("paid"),
    "closed": _("closed"),
    "requested": _("asked for"),
    "processing": _("under way"),
    "done": _("done"),
    "failed": _("failed"),
    "open": _("open"),
    "refunded": _("paid back"),
    "refunding": _("being paid back"),
    "void": _("void"),
    "paying": _("being paid"),
    "ready": _("waits for payment"),
    "estimating": _("being estimated"),
    "SUCCESS": _("succeeded"),
    "PROCESSING": _("under way"),
    "FAIL": _("failed"),
    "REVOKED": _("revoked"),
}


def status_in_words(status: str) -> str:
    """What a status of either side means; one that is not known as it is."""
    return str(_STATUSES.get(status, status))
