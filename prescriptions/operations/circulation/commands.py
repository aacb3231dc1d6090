"""What the insurance office may do with a circulation, and with a report to the insurer."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import operations as audit
from kernel import jobs
from kernel.errors import Violation, refuse_if_any
from prescriptions.errors import CirculationRefused
from prescriptions.models import Circulation, InsurerReport
from prescriptions.operations.circulation.opening import ADVANCE, want_back
from prescriptions.states import (
    CIRCULATION,
    CLOSED,
    REPORT,
    CirculationEvent,
    CirculationState,
    ReportEvent,
    ReportState,
)

SEND = "prescriptions.send_report"
CONCLUDABLE = frozenset(
    {CirculationState.UNCONFIRMED, CirculationState.WITHDRAWING, CirculationState.WITHDRAWAL_UNCONFIRMED}
)
"""States that only the centre can end, and a person who has looked there."""


@transaction.atomic
def ask_now(*, circulation_id: int, by: User, at: datetime) -> Circulation:
    """Say the next thing to the centre at once; what it refused is tried again from the start.

    Raises:
        CirculationRefused: EP-03, nothing is open.
    """
    row = _locked(circulation_id)
    refuse_if_any(_still_open(row), CirculationRefused)
    if row.state == CirculationState.REFUSED:
        row.state = CIRCULATION.after(row.state, CirculationEvent.RETRY)
        row.needs_person_since, row.error_text = None, ""
    row.next_ask_at = at
    row.save()
    audit.record("prescriptions.circulation.asked_now", on=row, by=by, at=at)
    jobs.enqueue(ADVANCE, circulation_id=row.pk)
    return row


@transaction.atomic
def withdraw(*, circulation_id: int, reason: str, by: User, at: datetime) -> Circulation:
    """Want it back for a reason of the office's own; the hospital's pharmacy may then hand it out.

    Raises:
        CirculationRefused: EP-03 nothing is open, or EP-04 no reason is given.
    """
    row = _locked(circulation_id)
    refuse_if_any((*_still_open(row), *_with_reason(reason)), CirculationRefused)
    return want_back(prescription_id=row.prescription_id, reason=reason.strip(), by=by, at=at) or row


@transaction.atomic
def conclude_withdrawn(*, circulation_id: int, reason: str, by: User, at: datetime) -> Circulation:
    """Record that it is not in force, as a person has seen on the centre's own screen; ``reason`` says where.

    Raises:
        CirculationRefused: EP-03 the centre's answer is not outstanding, or EP-04 no reason is given.
    """
    row = _locked(circulation_id)
    refuse_if_any((*_waits_for_a_person(row), *_with_reason(reason)), CirculationRefused)
    row.state = CIRCULATION.after(row.state, CirculationEvent.RELEASE)
    row.withdraw_reason = row.withdraw_reason or reason.strip()[:200]
    row.ended_at, row.next_ask_at, row.needs_person_since = at, None, None
    row.save()
    facts = {"reason": reason.strip()}
    audit.record("prescriptions.circulation.concluded", on=row, by=by, at=at, facts=facts)
    return row


@transaction.atomic
def tell_again(*, report_id: int, by: User, at: datetime) -> InsurerReport:
    """Tell the insurer again: what it refused as a new message, what it never answered under its old number.

    A refusal is final there; of silence nobody knows what it was, and one number is one report.

    Raises:
        CirculationRefused: EP-03, it was told, or is still asked about by itself.
    """
    report = _locked_report(report_id)
    refuse_if_any(_waits(report), CirculationRefused)
    if report.state == ReportState.REFUSED:
        report.state = REPORT.after(report.state, ReportEvent.RETRY)
        report.msgid, report.error_text, report.silent_since = "", "", None
    else:
        report.silent_since = at
    report.next_ask_at, report.needs_person_since = at, None
    report.save()
    audit.record("prescriptions.report.told_again", on=report, by=by, at=at)
    jobs.enqueue(SEND, report_id=report.pk)
    return report


@transaction.atomic
def conclude_report(*, report_id: int, reason: str, by: User, at: datetime) -> InsurerReport:
    """Record that the insurer has it, as its own screen shows, when it never answered.

    Raises:
        CirculationRefused: EP-03, its answer is not outstanding, or a refusal stands; EP-04, no reason.
    """
    report = _locked_report(report_id)
    refuse_if_any([*_waits_unanswered(report), *_with_reason(reason)], CirculationRefused)
    report.state = REPORT.after(report.state, ReportEvent.ACCEPT)
    report.reported_at, report.next_ask_at, report.needs_person_since = at, None, None
    report.save()
    facts = {"reason": reason.strip()}
    audit.record("prescriptions.report.concluded", on=report, by=by, at=at, facts=facts)
    return report


def _locked_report(report_id: int) -> InsurerReport:
    return InsurerReport.objects.select_for_update(of=("self",)).get(pk=report_id)


def _locked(circulation_id: int) -> Circulation:
    return Circulation.objects.select_for_update(of=("self",)).get(pk=circulation_id)


def _still_open(row: Circulation) -> Iterator[Violation]:
    """EP-03: what is closed at the centre stays closed."""
    if row.state in CLOSED:
        yield Violation(
            "EP-03", _("This prescription is closed at the e-prescription centre."), source="ours"
        )


def _waits_for_a_person(row: Circulation) -> Iterator[Violation]:
    """EP-03: a person concludes only what the centre has left open."""
    if row.state not in CONCLUDABLE or row.needs_person_since is None:
        text = _("The centre's answer is not outstanding.")
        yield Violation("EP-03", text, _("Ask the centre again instead."), source="ours")


def _waits(report: InsurerReport) -> Iterator[Violation]:
    """EP-03: only what was refused, or not answered for days, is told again by hand."""
    if report.state != ReportState.REFUSED and report.needs_person_since is None:
        text = _("This was not refused. What is open is sent again by itself.")
        yield Violation("EP-03", text, source="ours")


def _waits_unanswered(report: InsurerReport) -> Iterator[Violation]:
    """EP-03: a person concludes only what was asked about as long as the schedule says."""
    if report.needs_person_since is None:
        text = _("The insurer's answer is not outstanding.")
        yield Violation("EP-03", text, source="ours")


def _with_reason(reason: str) -> Iterator[Violation]:
    """EP-04: who decides by hand says why."""
    if not reason.strip():
        yield Violation("EP-04", _("Write why."), field="reason", source="ours")
