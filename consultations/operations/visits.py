"""The visit itself: the queue, the doctor's decision, the end, and the money's way back."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import operations as audit
from consultations.errors import NotFinished
from consultations.models import Decision, Revisit
from consultations.operations import steps
from consultations.queries import end_of_day, visit_of_doctor
from consultations.rules import STOP_REASONS, missed_at
from consultations.states import RevisitEvent, RevisitState
from kernel import jobs
from kernel.errors import DomainError
from kernel.presentation import clock_time
from prescriptions.operations import cancel_of_visit
from refunds.operations import refund_by_policy
from refunds.rules.situations import REASONS, Situation


@transaction.atomic
def admit(*, revisit_id: int, at: datetime) -> None:
    """Her share is paid: she enters the queue. Had her place been given away, the money goes back."""
    revisit = steps.locked_with_money(pk=revisit_id)
    if revisit.state == RevisitState.PREPARING and hasattr(revisit, "place"):
        place = revisit.place
        place.held_until = None
        place.save(update_fields=["held_until"])
        steps.move(revisit, RevisitEvent.ADMIT, by=None, at=at, admitted_at=at)
        steps.say(revisit, "admitted", at=at)
    elif revisit.state == RevisitState.CANCELLED and revisit.bill_id:
        refund_by_policy(bill_id=revisit.bill_id, situation=Situation.PLACE_LOST, by=None, at=at)


@transaction.atomic
def begin_visit(*, revisit_id: int, by: User, at: datetime) -> Revisit:
    """The doctor calls the patient.

    Raises:
        NotFoundForYou: it is not her patient.
        IllegalTransition: the patient does not wait.
    """
    revisit = _mine(revisit_id, by)
    if revisit.state == RevisitState.IN_PROGRESS:
        return revisit
    revisit.encounter.begun_at = at
    revisit.encounter.save(update_fields=["begun_at"])
    steps.move(revisit, RevisitEvent.BEGIN, by=by, at=at)
    steps.say(revisit, "begun", at=at)
    steps.tell_patient(revisit, "visit_begun")
    return revisit


@transaction.atomic
def decide(*, revisit_id: int, decision: str, by: User, at: datetime) -> Revisit:
    """The decision the law asks of the receiving doctor: is it a re-diagnosis of the same disease?

    Yes clears the visit for prescribing; no stops it, and the money goes back.

    Raises:
        NotFoundForYou: it is not her patient.
        DomainError: the visit is not in progress, or the decision was made the other way before.

    Source: V-05; 国卫医发〔2018〕25号 附件1 第16条; 监管细则 2022.
    """
    revisit = _mine(revisit_id, by)
    if revisit.decision == decision:
        return revisit
    if revisit.state != RevisitState.IN_PROGRESS or revisit.decision:
        raise DomainError(_("The decision has been made, or the visit is not in progress."))
    revisit.decision, revisit.decided_at = Decision(decision).value, at
    revisit.save(update_fields=["decision", "decided_at"])
    if decision == Decision.NOT_REVISIT:
        return _stop(revisit, "not_revisit", "", by=by, at=at)
    revisit.encounter.cleared_at = at
    revisit.encounter.save(update_fields=["cleared_at"])
    steps.say(revisit, "confirmed", at=at)
    audit.record("consultations.revisit.decided", on=revisit, by=by, at=at, facts={"decision": decision})
    steps.ring(revisit)
    return revisit


@transaction.atomic
def stop_visit(*, revisit_id: int, code: str, reason: str, by: User, at: datetime) -> Revisit:
    """The doctor stops the visit and sends the patient offline; fee and prescriptions go back by themselves.

    Args:
        revisit_id: waiting or in progress.
        code: a key of ``STOP_REASONS``.
        reason: what the doctor adds for the patient, may be empty, at most 200 characters.
        by: the doctor of the visit.
        at: now.

    Raises:
        NotFoundForYou: it is not her patient.
        IllegalTransition: the visit has ended.

    Source: V-06; 国卫医发〔2018〕25号 附件1 第16条, 附件2 第19条.
    """
    revisit = _mine(revisit_id, by)
    if revisit.state == RevisitState.STOPPED:
        return revisit
    if code not in STOP_REASONS:
        raise DomainError(_("Please choose a reason."), field="code")
    return _stop(revisit, code, reason, by=by, at=at)


def _stop(revisit: Revisit, code: str, reason: str, *, by: User, at: datetime) -> Revisit:
    """End it, tell her, and let everything go back."""
    said = reason.strip()[:200]
    _ended(revisit, at)
    steps.move(revisit, RevisitEvent.STOP, by=by, at=at, ended_at=at, stop_code=code, stop_reason=said)
    steps.say(revisit, "stopped", at=at)
    reason_words = REASONS[Situation.DOCTOR_REFUSES]
    cancel_of_visit(encounter_id=revisit.encounter_id, reason=reason_words, by=by, at=at)
    _give_back(revisit, Situation.DOCTOR_REFUSES, by=by, at=at)
    steps.tell_patient(revisit, "visit_stopped")
    return revisit


@transaction.atomic
def complete_visit(*, revisit_id: int, by: User, at: datetime) -> Revisit:
    """The visit ends well.

    Raises:
        NotFoundForYou: it is not her patient.
        NotFinished: the decision or the signed record is missing.
    """
    revisit = _mine(revisit_id, by)
    if revisit.state == RevisitState.COMPLETED:
        return revisit
    record = getattr(revisit.encounter, "record", None)
    if revisit.decision != Decision.REVISIT or record is None or record.signed_at is None:
        raise NotFinished
    _ended(revisit, at)
    steps.move(revisit, RevisitEvent.COMPLETE, by=by, at=at, ended_at=at)
    steps.say(revisit, "finished", at=at)
    return revisit


@transaction.atomic
def call_off(*, revisit_id: int, by: User | None, at: datetime) -> None:
    """The doctor cannot receive: the visit counts as missed, and everything goes back."""
    revisit = steps.locked_with_money(pk=revisit_id)
    if revisit.state == RevisitState.PREPARING:
        steps.move(
            revisit,
            RevisitEvent.CANCEL,
            by=by,
            at=at,
            ended_at=at,
            stop_code="doctor_away",
        )
    elif revisit.state == RevisitState.WAITING:
        steps.move(
            revisit,
            RevisitEvent.MISS,
            by=by,
            at=at,
            ended_at=at,
            stop_code="doctor_away",
        )
        steps.say(revisit, "doctor_away", at=at)
        steps.tell_patient(revisit, "visit_missed", time=clock_time(revisit.slot.starts_at))
    else:
        return
    steps.free_place(revisit)
    _give_back(revisit, Situation.DOCTOR_AWAY, by=by, at=at)


@transaction.atomic
def refuse_settlement(*, revisit_id: int, at: datetime) -> None:
    """The insurer refused to settle after her share was in: who still waits leaves the queue and is told why."""
    revisit = steps.locked(pk=revisit_id)
    if revisit.state != RevisitState.WAITING:
        return
    steps.move(revisit, RevisitEvent.CANCEL, by=None, at=at, ended_at=at, stop_code="not_settled")
    steps.say(revisit, "not_settled", at=at)
    steps.free_place(revisit)
    steps.tell_patient(revisit, "visit_not_settled")


def close_missed(*, at: datetime) -> int:
    """Call off every visit that no doctor has begun in time; returns how many."""
    waiting = Revisit.objects.filter(state=RevisitState.WAITING, slot__ends_at__lt=at).select_related("slot")
    late = [
        revisit.pk
        for revisit in waiting
        if missed_at(
            revisit.slot.ends_at, end_of_day(revisit.slot.starts_at), settings.REVISIT_MISSED_AFTER_MINUTES
        )
        <= at
    ]
    for revisit_id in late:
        with jobs.alone("close_missed", revisit_id):
            call_off(revisit_id=revisit_id, by=None, at=at)
    return len(late)


def _mine(revisit_id: int, by: User) -> Revisit:
    """The visit, locked, when the user is its doctor."""
    revisit = steps.locked_with_money(pk=revisit_id)
    visit_of_doctor(by, revisit.encounter.number)
    return revisit


def _ended(revisit: Revisit, at: datetime) -> None:
    """The encounter ends with the visit."""
    revisit.encounter.ended_at = at
    revisit.encounter.save(update_fields=["ended_at"])


def _give_back(revisit: Revisit, situation: Situation, *, by: User | None, at: datetime) -> None:
    """What the policy gives of the consultation fee goes back to those who paid it."""
    if revisit.bill_id:
        refund_by_policy(bill_id=revisit.bill_id, situation=situation, by=by, at=at)
