"""Circulations and reports for the insurance office."""

from collections.abc import Mapping

from django.db.models import Count, Q, QuerySet

from audit.models import AuditEntry
from prescriptions.models import Circulation, InsurerReport
from prescriptions.states import CLOSED, CirculationState, ReportState

PERSON, OPEN_ONLY, IN_FORCE, CLOSED_ONLY = "person", "open", "in_force", "closed"
_SHOWN: Mapping[str, Q] = {
    "": Q(),
    PERSON: Q(needs_person_since__isnull=False),
    OPEN_ONLY: ~Q(state__in=sorted(CLOSED)) & ~Q(state=CirculationState.CIRCULATING),
    IN_FORCE: Q(state=CirculationState.CIRCULATING),
    CLOSED_ONLY: Q(state__in=sorted(CLOSED)),
}
REFUSED_ONLY = "refused"
_REPORTS: Mapping[str, Q] = {
    "": Q(),
    PERSON: Q(needs_person_since__isnull=False),
    REFUSED_ONLY: Q(state=ReportState.REFUSED),
    OPEN_ONLY: Q(state__in=[ReportState.WAITING, ReportState.UNANSWERED]),
}


def circulations(*, show: str = "", words: str = "") -> QuerySet[Circulation]:
    """The newest first; ``words`` is the beginning of one of its numbers or of the visit's."""
    found = _whole().filter(_SHOWN[show])
    if words:
        found = found.filter(
            Q(prescription__number__istartswith=words)
            | Q(centre_number__startswith=words)
            | Q(prescription__encounter__number__istartswith=words)
        )
    return found


def circulation_counts() -> dict[str, int]:
    """How many each choice of the list shows; one statement."""
    counted = {f"n_{name}": Count("pk", filter=wanted) for name, wanted in _SHOWN.items() if name}
    row = Circulation.objects.order_by().aggregate(n_=Count("pk"), **counted)
    return {name: row[f"n_{name}"] for name in _SHOWN}


def circulation_of(number: str) -> Circulation | None:
    """That of a prescription."""
    return _whole().filter(prescription__number=number).first()


def acts_on(circulation: Circulation) -> QuerySet[AuditEntry]:
    """What was done to it, the oldest first."""
    mine = AuditEntry.objects.filter(
        subject_type=circulation._meta.label_lower, subject_id=str(circulation.pk)
    )
    return mine.select_related("by").order_by("sequence")


def reports(*, show: str = "") -> QuerySet[InsurerReport]:
    """What the insurer is told, the newest first."""
    found = InsurerReport.objects.select_related("encounter__patient", "line__drug", "line__prescription")
    return found.filter(_REPORTS[show]).order_by("-pk")


def report_counts() -> dict[str, int]:
    """How many each choice of the list shows; one statement."""
    counted = {f"n_{name}": Count("pk", filter=wanted) for name, wanted in _REPORTS.items() if name}
    row = InsurerReport.objects.order_by().aggregate(n_=Count("pk"), **counted)
    return {name: row[f"n_{name}"] for name in _REPORTS}


def _whole() -> QuerySet[Circulation]:
    return Circulation.objects.select_related(
        "prescription__encounter__patient", "prescription__encounter__institution", "prescription__prescriber",
        "registration",
    )  # fmt: skip
