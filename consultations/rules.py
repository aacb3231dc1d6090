"""Rules of the online re-diagnosis; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation
from refunds.rules.situations import Situation

STOP_REASONS: dict[str, str | Promise] = {
    "not_revisit": _("It is not a re-diagnosis of the same disease."),
    "condition_changed": _("Your condition has changed; a doctor has to see you."),
    "needs_examination": _("An examination at the hospital is needed first."),
    "emergency": _(
        "This may be an emergency. Please go to the nearest emergency department now, or call 120."
    ),
    "proof_unclear": _("The proof of the first visit does not show the diagnosis clearly."),
    "other": _("The doctor advises you to come to the hospital."),
}
"""Why a doctor stops a visit (V-06); the patient reads the sentence."""

OTHER_ENDS: dict[str, str | Promise] = {
    "cancelled": _("You cancelled the visit."),
    "unpaid": _("The place was given back because it was not paid in time."),
    "doctor_away": _("The doctor could not receive you."),
    "not_settled": _(
        "The insurance did not settle; your share goes back. Please book again, paying yourself."
    ),
}
"""Why a visit ended without the doctor stopping it; the patient reads the sentence."""

NOTICES: dict[str, str | Promise] = {
    "admitted": _("Paid. You are in the queue; the doctor will call you here."),
    "begun": _("The doctor has begun the visit."),
    "confirmed": _("The doctor has confirmed: this is a re-diagnosis."),
    "stopped": _("The doctor has stopped the visit."),
    "finished": _("The doctor has finished the visit."),
    "doctor_away": _("The doctor could not receive you. Your money goes back by itself."),
    "not_settled": _(
        "The insurance did not settle; your share goes back. Please book again, paying yourself."
    ),
    "money_back": _("Your money is back: insurance part and cash part."),
}
"""What the system says in a conversation: the code is kept, each reader sees her own language."""

USUAL_MINUTES = 10
"""Estimated minutes of one visit while nothing is known of the day."""

LEAST_YEARS = 3
CHILD_AGE = 6
CHILD_SUBJECTS = ("07", "08", "09")
"""Paediatrics, paediatric surgery, child health care (诊疗科目)."""


@dataclass(frozen=True, slots=True)
class DoctorFacts:
    """What decides whether a doctor may receive online."""

    is_doctor: bool
    is_active: bool
    independent_years: int
    department_open: bool
    practice_certified: bool


def receiving_violations(doctor: DoctorFacts) -> list[Violation]:
    """Every reason why the doctor may not receive patients online, with its source."""
    violations = []
    if not (doctor.is_doctor and doctor.is_active and doctor.practice_certified):
        violations.append(
            Violation(
                "Q-02",
                _("This doctor is not registered for online visits."),
                source="国卫医发〔2018〕25号 附件1 第14条",
            )
        )
    if doctor.independent_years < LEAST_YEARS:
        violations.append(
            Violation(
                "Q-01",
                _("Online visits need a doctor with at least 3 years of independent practice."),
                source="国卫医发〔2018〕25号 附件1 第25条",
            )
        )
    if not doctor.department_open:
        violations.append(
            Violation(
                "V-09",
                _("This department does not receive patients online."),
                source="国卫医发〔2018〕25号 附件1 第11条",
            )
        )
    return violations


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """What decides whether a patient may be booked for."""

    age: int
    """Whole years on the day of the visit."""
    is_verified: bool


def patient_violations(patient: PatientFacts, *, subject_code: str) -> list[Violation]:
    """Every reason why this patient may not be seen online by a department, with its source.

    ``subject_code`` is the department's, e.g. ``A03.04``.
    """
    violations = []
    if not patient.is_verified:
        violations.append(
            Violation(
                "C-02",
                _("This person's real name is not verified yet."),
                _("Finish it under Me, then book."),
                field="patient",
                source="互联网诊疗监管细则（试行）: 实名制",
            )
        )
    if patient.age < CHILD_AGE and not subject_code.removeprefix("A").startswith(CHILD_SUBJECTS):
        violations.append(
            Violation(
                "V-10",
                _("Children under 6 are seen online by paediatricians only."),
                _("Please choose a paediatrician, or come to the hospital."),
                field="patient",
                source="国卫医发〔2018〕25号 附件1 第19条, 附件2 第20条; the subject codes are ours",
            )
        )
    return violations


def missed_at(slot_ends_at: datetime, end_of_day: datetime, after_minutes: int | None) -> datetime:
    """When a visit that the doctor has not begun counts as missed.

    With ``after_minutes`` None it is the end of the slot's day in Asia/Shanghai.

    Source: no national number; a hospital's notice cancels and refunds what was not received on the day.
    """
    return end_of_day if after_minutes is None else slot_ends_at + timedelta(minutes=after_minutes)


def estimated_minutes(ahead: int, average_minutes: int, until_slot: timedelta) -> int:
    """Minutes until her turn: never before her slot, never below zero."""
    return max(0, ahead * average_minutes, int(until_slot.total_seconds() // 60))


def slot_periods(starts: datetime, ends: datetime, minutes: int) -> list[tuple[datetime, datetime]]:
    """Whole slots of ``minutes`` between two moments; the last may be shorter but never under half a slot."""
    found, begin, length = [], starts, timedelta(minutes=minutes)
    while begin + length / 2 <= ends:
        found.append((begin, min(begin + length, ends)))
        begin += length
    return found


def end_words(code: str, added: str) -> str:
    """Why a visit ended, in the reader's language, with what the doctor added in her own words."""
    sentence = STOP_REASONS.get(code) or OTHER_ENDS.get(code) or ""
    return " ".join(part for part in (str(sentence), added) if part)


def cancelled_when(starts_at: datetime, ends_at: datetime, at: datetime) -> Situation:
    """What her cancelling is for the policies of refunds: before, in, or after the time of the visit.

    Only who still waits can cancel: the doctor has not begun.

    Source: a hospital's booking notice (S25): before the slot all of it, an expired slot nothing; in the slot ours.
    """
    if at < starts_at:
        return Situation.CANCELLED_BEFORE
    return Situation.CANCELLED_DURING if at < ends_at else Situation.CANCELLED_AFTER
