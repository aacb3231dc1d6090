"""Differences for lists, pages and exports."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from reconciliation.models import Difference, ReconciliationEntry
from reconciliation.states import DifferenceState


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed by; empty is everything. Days are both included."""

    source: str = ""
    kind: str = ""
    state: str = ""
    """A state, or ``active``: everything that is not closed."""
    owner: str = ""
    """``mine``, ``nobody``, or ``second``: it waits for a second person who is not the asker."""
    first: date | None = None
    last: date | None = None
    words: str = ""
    """A number of either side, a bill's number, or a part of one."""


def differences(wanted: Wanted, *, user_id: int) -> QuerySet[Difference]:
    """The wanted ones with everything a line shows, oldest day first among those that wait."""
    rows = Difference.objects.select_related(
        "comparison__institution", "bill", "claim", "taken_by", "answered_by", "agreed_by", "order__bill"
    ).order_by("comparison__day", "pk")
    for condition in _conditions(wanted, user_id):
        rows = rows.filter(condition)
    return rows


def _conditions(wanted: Wanted, user_id: int) -> list[Q]:
    owners = {"mine": Q(taken_by=user_id), "nobody": Q(taken_by=None), "second": _second_for(user_id)}
    states = {"active": ~Q(state=DifferenceState.CLOSED)}
    found = [
        Q(comparison__source=wanted.source) if wanted.source else Q(),
        Q(kind=wanted.kind) if wanted.kind else Q(),
        states.get(wanted.state, Q(state=wanted.state)) if wanted.state else Q(),
        owners.get(wanted.owner, Q()),
        Q(comparison__day__gte=wanted.first) if wanted.first else Q(),
        Q(comparison__day__lte=wanted.last) if wanted.last else Q(),
    ]
    if wanted.words:
        named = Q(key__icontains=wanted.words) | Q(other_key__icontains=wanted.words)
        found.append(named | Q(bill__number__icontains=wanted.words))
    return found


WAITS_FOR_SECOND = Q(
    needs_second_person=True, state__in=(DifferenceState.EXPLAINED, DifferenceState.CORRECTED)
)


def _second_for(user_id: int) -> Q:
    return WAITS_FOR_SECOND & ~Q(answered_by=user_id)


def second_person_count(user_id: int) -> int:
    """Differences that somebody else has answered and that wait for a second person."""
    return Difference.objects.filter(_second_for(user_id)).count()


def difference_numbered(difference_id: int) -> Difference | None:
    """One with all that its page shows; None when there is none."""
    rows = Difference.objects.select_related(
        "comparison__institution", "bill__encounter__patient", "claim__registration", "settlement",
        "order", "refund", "taken_by", "answered_by", "first_run", "last_run",
    )  # fmt: skip
    return rows.filter(pk=difference_id).first()


def entries_of(difference: Difference) -> QuerySet[ReconciliationEntry]:
    """Its ledger, oldest first."""
    return difference.entries.select_related("by", "run").order_by("pk")
