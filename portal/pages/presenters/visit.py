"""What the page of one visit shows: where it stands, the record, and who the patient is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from consultations.models import Revisit
from consultations.queries import conversation
from consultations.states import RevisitState
from encounters.models import DiagnosisCode, Encounter, FirstVisitProof, MedicalRecord
from insurance.models import VisitRegistration
from kernel import clock
from kernel.presentation import clock_time, is_chinese
from portal.pages.forms import RecordForm, StopForm, record_initial
from portal.pages.presenters.clinic import sex_and_age, waited
from portal.queries.clinic import past_visits
from prescriptions.models import Prescription
from prescriptions.pages.presenters.editor import editor_of
from prescriptions.queries import current_of, past_prescriptions
from registry.models import Coverage

PAST_PRESCRIPTIONS = 4
NO_ALLERGY = frozenset({"无", "没有", "否认", "无过敏", "none", "no"})


@dataclass(frozen=True, slots=True)
class Standing:
    """What may be done in the visit now; the templates ask this and nothing else."""

    is_waiting: bool
    is_under_way: bool
    is_ended: bool
    is_decided: bool
    is_signed: bool
    waited_minutes: int | None

    @property
    def wants_decision(self) -> bool:
        """The law's question is still open (V-05)."""
        return self.is_under_way and not self.is_decided

    @property
    def can_write(self) -> bool:
        """Whether the record may be changed."""
        return self.is_under_way and not self.is_signed


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier prescription or visit in one line, with what belongs to it under it."""

    on: date
    what: str
    note: str


@dataclass(frozen=True, slots=True)
class ProofView:
    """The proof in the right pane."""

    proof: FirstVisitProof
    files: list[Any]
    last_day: date
    days_left: int


def visit_context(revisit: Revisit, *, user: User, form: RecordForm | None, at: datetime) -> dict[str, Any]:
    """Everything beside the queue; the number of statements does not grow with the rows."""
    encounter = revisit.encounter
    record: MedicalRecord | None = getattr(encounter, "record", None)
    prescription = current_of(encounter)
    return {
        "revisit": revisit,
        "encounter": encounter,
        "patient": encounter.patient,
        "sex_and_age": sex_and_age(encounter.patient, at),
        "standing": standing_of(revisit, record, at),
        "record": record,
        "saved_at": record.changed_at if record else None,
        "form": form or RecordForm(initial=record_initial(encounter, record)),
        "stop_form": StopForm(),
        "chosen": chosen_codes(encounter, record),
        "prescription": prescription,
        "can_prescribe": encounter.cleared_at is not None,
        "editor": editor_of(encounter, by=user, at=at),
        "chat": conversation(revisit, after=0, is_doctor=True),
        "checks": checks_of(revisit, record, prescription),
        **_about_patient(encounter, at),
    }


def standing_of(revisit: Revisit, record: MedicalRecord | None, at: datetime) -> Standing:
    """Where the visit stands."""
    return Standing(
        is_waiting=revisit.state == RevisitState.WAITING,
        is_under_way=revisit.state == RevisitState.IN_PROGRESS,
        is_ended=revisit.state not in (RevisitState.WAITING, RevisitState.IN_PROGRESS),
        is_decided=bool(revisit.decision),
        is_signed=record is not None and record.signed_at is not None,
        waited_minutes=waited(revisit, at),
    )


def chosen_codes(encounter: Encounter, record: MedicalRecord | None) -> list[DiagnosisCode]:
    """The diagnoses of the record, main one first; before the first time the proven disease."""
    if record is not None:
        return [row.code for row in record.diagnoses.select_related("code").order_by("number")]
    disease = proven_disease(encounter)
    return [disease] if disease else []


def proven_disease(encounter: Encounter) -> DiagnosisCode | None:
    """The disease of the proof, else the one she names."""
    proof: FirstVisitProof | None = getattr(encounter, "proof", None)
    return proof.disease if proof else encounter.known_disease


def codes_in_order(ids: Sequence[int]) -> list[DiagnosisCode]:
    """The diagnoses of a posted form, in the order of the chips."""
    found = DiagnosisCode.objects.in_bulk(ids)
    return [found[key] for key in ids if key in found]


def checks_of(
    revisit: Revisit, record: MedicalRecord | None, prescription: Prescription | None
) -> list[dict[str, str]]:
    """What should be done before the visit ends, as a timeline."""
    decided = revisit.decided_at
    signed = record.signed_at if record else None
    sent = prescription.signed_at if prescription else None
    return [
        _check(_("The decision: re-diagnosis or not"), decided),
        _check(_("The record is signed"), signed),
        _check(_("The prescription is with the pharmacist"), sent, note="" if sent else _("Only when medicines are needed")),
    ]  # fmt: skip


def _check(what: str, when: datetime | None, note: str = "") -> dict[str, str]:
    return {"kind": "done" if when else "next", "what": what, "when": clock_time(when), "note": note}


def _about_patient(encounter: Encounter, at: datetime) -> dict[str, Any]:
    on = clock.day_of(at)
    earlier = list(past_prescriptions(encounter.patient).exclude(encounter=encounter)[:PAST_PRESCRIPTIONS])
    coverage: Coverage | None = encounter.coverage
    return {
        "allergies": stated_allergies(encounter),
        "proof": proof_view(encounter, on),
        "coverage": coverage,
        "registration": VisitRegistration.objects.filter(encounter=encounter).first() if coverage else None,
        "past_visits": [_past_visit(visit) for visit in past_visits(encounter)],
        "past_prescriptions": [_past_prescription(prescription) for prescription in earlier],
        "last_prescription": earlier[0].number if earlier else "",
    }


def stated_allergies(encounter: Encounter) -> str:
    """What she and her file say; empty when both say that there is none."""
    said = [encounter.allergies.strip(), encounter.patient.allergies.strip()]
    return in_one_line(dict.fromkeys(text for text in said if text and text.lower() not in NO_ALLERGY))


def in_one_line(words: Iterable[str]) -> str:
    """Names in a row, parted as the language does it."""
    return ("、" if is_chinese() else ", ").join(words)


def _past_prescription(prescription: Prescription) -> Past:
    lines = list(prescription.lines.all())
    longest = max((line.days for line in lines), default=0)
    days = ngettext("%(n)s day", "%(n)s days", longest) % {"n": longest}
    on = clock.day_of(prescription.effective_at or prescription.created_at)
    return Past(on, in_one_line(line.drug.name for line in lines), days)


def _past_visit(visit: Encounter) -> Past:
    names = [
        row.code.name if is_chinese() else row.code.name_en or row.code.name
        for row in visit.record.diagnoses.all()
    ]
    doctor = visit.practitioner.name if is_chinese() else visit.practitioner.name_en
    department = visit.department.name if is_chinese() else visit.department.name_en
    return Past(visit.service_on, in_one_line(names), f"{department} {doctor}")


def proof_view(encounter: Encounter, on: date) -> ProofView | None:
    """The proof with the days it still serves."""
    proof: FirstVisitProof | None = getattr(encounter, "proof", None)
    if proof is None:
        return None
    last_day = proof.diagnosed_on + timedelta(days=settings.REVISIT_PROOF_WINDOW_DAYS)
    return ProofView(proof, list(encounter.proof_files.all()), last_day, max(0, (last_day - on).days))
