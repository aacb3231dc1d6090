"""What the doctor's workbench says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from consultations.models import Revisit
from consultations.states import RevisitState
from kernel import clock
from kernel.presentation import clock_time, is_chinese
from portal.queries.clinic import Board
from prescriptions.models import Prescription
from prescriptions.states import PrescriptionState
from registry.models import Patient
from registry.models.patients import Gender

LATE_MINUTES = 15


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One row of the queue."""

    number: str
    who: Patient
    sex_and_age: str
    why: str
    when: str
    is_late: bool = False
    tab: str = ""


@dataclass(frozen=True, slots=True)
class QueueView:
    """The left pane."""

    now: list[QueueItem]
    waiting: list[QueueItem]
    returned: list[QueueItem]
    seen: list[QueueItem]
    booked: int
    average_minutes: int | None
    """Of those who wait now and whose time has come; None when nobody does."""


def queue_view(board: Board, *, at: datetime) -> QueueView:
    """The doctor's queue in words."""
    waits = [minutes for revisit in board.waiting if (minutes := waited(revisit, at)) is not None]
    return QueueView(
        now=[_now(revisit, at) for revisit in board.now],
        waiting=[_waiting(revisit, at) for revisit in board.waiting],
        returned=[_returned(prescription, at) for prescription in board.returned],
        seen=[_seen(revisit) for revisit in board.seen],
        booked=board.booked,
        average_minutes=sum(waits) // len(waits) if waits else None,
    )


def found_items(revisits: Iterable[Revisit]) -> list[QueueItem]:
    """Rows of a search."""
    return [_item(revisit, when=f"{clock.day_of(revisit.slot.starts_at):%m-%d}") for revisit in revisits]


def waited(revisit: Revisit, at: datetime) -> int | None:
    """Minutes since her time has come and she was in the queue; None before her time."""
    since = max(revisit.slot.starts_at, revisit.admitted_at or revisit.slot.starts_at)
    return None if since > at else int((at - since).total_seconds() // 60)


def sex_and_age(patient: Patient, at: datetime) -> str:
    """男 67, or M 67."""
    words = _("M %(age)s") if patient.gender == Gender.MALE else _("F %(age)s")
    return words % {"age": patient.age_on(clock.day_of(at))}


def _item(revisit: Revisit, **fields: Any) -> QueueItem:
    encounter = revisit.encounter
    return QueueItem(
        encounter.number, encounter.patient, sex_and_age(encounter.patient, revisit.slot.starts_at),
        _why(revisit), **fields,
    )  # fmt: skip


def _why(revisit: Revisit) -> str:
    disease = revisit.encounter.known_disease
    if disease is None:
        return revisit.encounter.complaint
    return disease.name if is_chinese() else disease.name_en or disease.name


def _now(revisit: Revisit, at: datetime) -> QueueItem:
    begun = revisit.encounter.begun_at or at
    minutes = int((at - begun).total_seconds() // 60)
    return _item(revisit, when=_("now, %(n)s min") % {"n": minutes})


def _waiting(revisit: Revisit, at: datetime) -> QueueItem:
    minutes = waited(revisit, at)
    if minutes is None:
        return _item(revisit, when=_("at %(time)s") % {"time": clock_time(revisit.slot.starts_at)})
    return _item(revisit, when=_minutes(minutes), is_late=minutes >= LATE_MINUTES)


def _minutes(number: int) -> str:
    return _("%(n)s min") % {"n": number}


def _returned(prescription: Prescription, at: datetime) -> QueueItem:
    encounter, review = prescription.encounter, getattr(prescription, "review", None)
    minutes = int((at - review.reviewed_at).total_seconds() // 60) if review else 0
    return QueueItem(
        encounter.number, encounter.patient, sex_and_age(encounter.patient, at),
        review.get_reason_code_display() if review else "", _minutes(minutes), is_late=True, tab="rx",
    )  # fmt: skip


def _seen(revisit: Revisit) -> QueueItem:
    item = _item(revisit, when=clock_time(revisit.ended_at))
    word = _after_words(revisit)
    if not word:
        return item
    joined = f"{item.why}，{word}" if is_chinese() else f"{item.why}, {word}"
    return QueueItem(item.number, item.who, item.sex_and_age, joined, item.when)


def _after_words(revisit: Revisit) -> str:
    if revisit.state == RevisitState.STOPPED:
        return _("sent offline")
    states = [prescription.state for prescription in revisit.encounter.prescriptions.all()]
    words = {
        PrescriptionState.SUBMITTED: _("prescription with the pharmacist"),
        PrescriptionState.RETURNED: _("prescription returned"),
        PrescriptionState.EFFECTIVE: _("prescription passed"),
        PrescriptionState.PAID: _("medicines paid"),
        PrescriptionState.DISPENSED: _("medicines handed out"),
    }
    for state, word in words.items():
        if state in states:
            return word
    return ""
