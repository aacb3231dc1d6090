"""Visits in every state, as the workbench and the patient's first page meet them."""

from datetime import date, datetime, timedelta

from accounts.models import User
from consultations.models import Place, Revisit, Slot
from consultations.states import RevisitState
from encounters.models import Encounter, FirstVisitProof, ProofKind
from kernel import clock
from registry.models import Patient, Practitioner
from registry.models.patients import Relation
from tests.factories.encounters import DiagnosisCodeFactory, EncounterFactory
from tests.factories.registry import GuardianshipFactory, PatientFactory


def patient_user(**fields: object) -> tuple[User, Patient]:
    """A confirmed patient with her account."""
    patient = PatientFactory(**fields)
    right = GuardianshipFactory(patient=patient, relation=Relation.SELF)
    return right.user, patient


def visit(
    doctor: Practitioner,
    patient: Patient | None = None,
    *,
    state: RevisitState = RevisitState.WAITING,
    at: datetime | None = None,
    proven_on: date | None = None,
) -> Revisit:
    """A visit whose slot began ten minutes before ``at``, with complaint and proof."""
    moment = at or clock.now()
    assert doctor.user is not None
    starts = moment - timedelta(minutes=10)
    disease = DiagnosisCodeFactory()
    encounter = EncounterFactory(
        number=f"VW{Encounter.objects.count():08d}",
        practitioner=doctor,
        patient=patient or patient_user()[1],
        known_disease=disease,
        complaint="高血压续方，没有头晕。",
        allergies="无",
        current_medicines="苯磺酸氨氯地平片",
        opened_at=moment,
        begun_at=None if state in (RevisitState.PREPARING, RevisitState.WAITING) else moment,
        ended_at=moment if state in (RevisitState.COMPLETED, RevisitState.STOPPED) else None,
    )
    FirstVisitProof.objects.create(
        encounter=encounter,
        kind=ProofKind.OUTPATIENT_RECORD,
        disease=disease,
        diagnosed_on=proven_on or clock.day_of(moment) - timedelta(days=60),
        hospital_name="演示市第一人民医院",
        stated_by=doctor.user,
        stated_at=moment,
    )
    slot, _made = Slot.objects.get_or_create(
        practitioner=doctor, starts_at=starts, defaults={"ends_at": starts + timedelta(minutes=30)}
    )
    revisit = Revisit.objects.create(
        encounter=encounter,
        slot=slot,
        state=state,
        created_at=moment,
        admitted_at=None if state == RevisitState.PREPARING else moment - timedelta(minutes=20),
        ended_at=encounter.ended_at,
    )
    number = Place.objects.filter(slot=slot).count() + 1
    held = moment + timedelta(minutes=12) if state == RevisitState.PREPARING else None
    Place.objects.create(slot=slot, number=number, revisit=revisit, held_until=held)
    return revisit
