"""Tell the insurer what happened: the record of a visit (4301), packs handed out (3505) and returned (3506)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from audit import operations as audit
from encounters.models import Encounter
from insurance.gateway import messages as m
from insurance.gateway.port import Exchange, GatewayRefused, GatewayUnanswered, InsuranceGateway
from insurance.models import VisitRegistration
from insurance.operations.insurer import insurer_of
from insurance.operations.messages import exchange, new_msgid
from insurance.rules.schedule import UNKNOWN_OUTCOME
from kernel import clock, jobs
from prescriptions.models import InsurerReport, Prescription, ReportKind
from prescriptions.operations.circulation.turns import turn
from prescriptions.operations.packs import SEND
from prescriptions.operations.report_content import care_of, return_of, sale_of
from prescriptions.states import REPORT, PrescriptionState, ReportEvent, ReportState

OPEN = (ReportState.WAITING, ReportState.UNANSWERED)
LOOKS_BACK = timedelta(days=30)
"""Visits that ended longer ago are not told of by themselves: what was missed by then is for a person."""
UNDECIDED = (PrescriptionState.DRAFT, PrescriptionState.SUBMITTED)


def enqueue_due(*, at: datetime) -> int:
    """Note the visits that have ended, and enqueue whatever is due; returns how many."""
    note_ended_visits(at=at)
    free = Q(busy_until__isnull=True) | Q(busy_until__lte=at)
    due = InsurerReport.objects.filter(free, state__in=OPEN, next_ask_at__lte=at)
    found = list(due.order_by("next_ask_at").values_list("pk", flat=True)[:500])
    for report_id in found:
        jobs.enqueue(SEND, report_id=report_id)
    return len(found)


@transaction.atomic
def note_ended_visits(*, at: datetime) -> int:
    """A report for each ended visit that the insurer knows, with a signed record and no prescription under way."""
    undecided = Prescription.objects.filter(encounter=OuterRef("pk"), state__in=UNDECIDED)
    told = InsurerReport.objects.filter(encounter=OuterRef("pk"), kind=ReportKind.CARE)
    ended = Encounter.objects.filter(
        ~Exists(undecided), ~Exists(told), ended_at__gt=at - LOOKS_BACK, ended_at__lte=at,
        record__signed_at__isnull=False, registration__cancelled_at__isnull=True, registration__visit_number__gt="",
    )  # fmt: skip
    rows = [
        InsurerReport(kind=ReportKind.CARE, encounter_id=pk, due_at=at, next_ask_at=at)
        for pk in ended.values_list("pk", flat=True)[:500]
    ]
    return len(InsurerReport.objects.bulk_create(rows, ignore_conflicts=True))


def send(*, report_id: int) -> None:
    """Tell the insurer; calls out, may be repeated: the same message keeps its number."""
    row = InsurerReport.objects.filter(pk=report_id)
    with turn(row) as mine:
        if not mine:
            return
        report = _numbered(report_id)
        if report.state not in OPEN:
            return
        try:
            _tell(report)
        except GatewayRefused as refused:
            _conclude(report_id, ReportEvent.REFUSE, refused.reason, at=clock.now())
        except GatewayUnanswered as silent:
            _conclude(report_id, ReportEvent.LOSE, silent.reason, at=clock.now())
        else:
            _conclude(report_id, ReportEvent.ACCEPT, "", at=clock.now())


@transaction.atomic
def _numbered(report_id: int) -> InsurerReport:
    """The report with the number of its message, which it keeps for ever."""
    report = (
        InsurerReport.objects.select_for_update(of=("self",))
        .select_related("encounter__institution")
        .get(pk=report_id)
    )
    if not report.msgid:
        report.msgid = new_msgid(report.encounter.institution.code, clock.now())
        report.save(update_fields=["msgid"])
    return report


def _tell(report: InsurerReport) -> None:
    institution = report.encounter.institution
    registration = (
        VisitRegistration.objects.filter(encounter=report.encounter).exclude(visit_number="").first()
    )
    gateway = insurer_of(institution)
    exchange(
        report.kind,
        lambda msgid: _said(report, registration, gateway, msgid),
        registration=registration,
        institution=None if registration else institution,
        msgid=report.msgid,
    )


def _said(
    report: InsurerReport, registration: VisitRegistration | None, gateway: InsuranceGateway, msgid: str
) -> Exchange[m.Acknowledged]:
    match report.kind:
        case ReportKind.CARE:
            return gateway.report_care(msgid, care_of(report, registration))
        case ReportKind.SALE:
            return gateway.report_sale(msgid, sale_of(report, registration))
        case _:
            return gateway.report_return(msgid, return_of(report, registration))


@transaction.atomic
def _conclude(report_id: int, event: ReportEvent, reason: str, *, at: datetime) -> None:
    report = InsurerReport.objects.select_for_update(of=("self",)).get(pk=report_id)
    if not REPORT.allows(report.state, event):
        return
    report.state = REPORT.after(report.state, event)
    report.error_text = reason[:500]
    report.next_ask_at = None
    if event == ReportEvent.LOSE:
        report.silent_since = report.silent_since or at
        report.next_ask_at = UNKNOWN_OUTCOME.next_ask(since=report.silent_since, asked_at=at)
        if report.next_ask_at is None:
            report.needs_person_since = at
    if event == ReportEvent.ACCEPT:
        report.reported_at, report.silent_since = at, None
    report.save()
    audit.record(f"prescriptions.report.{report.state}", on=report, by=None, at=at)
