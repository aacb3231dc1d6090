"""Demonstration data: diagnosis codes, the consent text, and what the hospital already knows of three patients."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from encounters import operations
from encounters.demo.consent import CONSENT
from encounters.demo.visits import VISITS, VisitFacts
from encounters.models import ConsentDocument, DiagnosisCode, Encounter, EncounterKind
from encounters.operations.catalogue import diagnoses_in_file, load_diagnoses
from kernel import clock
from kernel.crypto import fingerprint
from registry.models import Patient, Practitioner

CONSENT_DAYS = 365  # published so long before the demonstration begins


@transaction.atomic
def load(*, at: datetime) -> None:
    """Make what is not there yet; the people are the registry's and must be there."""
    load_diagnoses(diagnoses=diagnoses_in_file(), by=None, at=at)
    published = clock.day_of(at) - timedelta(days=CONSENT_DAYS)
    kind, version = CONSENT["kind"], CONSENT["version"]
    if not ConsentDocument.objects.filter(kind=kind, version=version).exists():
        ConsentDocument.objects.create(**CONSENT, in_force_from=published)
    for facts in VISITS:
        if not Encounter.objects.filter(number=facts.number).exists():
            _load_visit(facts, at)


def _load_visit(facts: VisitFacts, at: datetime) -> None:
    """An outpatient visit that ended with a signed record."""
    patient = Patient.objects.get(id_fingerprint=fingerprint(facts.id_number))
    doctor = Practitioner.objects.select_related("user").get(insurance_code=facts.doctor)
    code = DiagnosisCode.objects.get(clinical_code=facts.diagnosis, name=facts.disease)
    day = clock.day_of(at) - timedelta(days=facts.days_before)
    opened = timezone.make_aware(datetime.combine(day, time(9, 30)))
    encounter = Encounter.objects.create(
        number=facts.number,
        kind=EncounterKind.OUTPATIENT,
        institution=doctor.institution,
        department=doctor.department,
        practitioner=doctor,
        patient=patient,
        complaint=facts.chief_complaint,
        allergies="无",
        service_on=day,
        opened_at=opened,
        begun_at=opened,
        ended_at=opened + timedelta(minutes=12),
    )
    by = doctor.user
    if by is None:
        raise ValueError(f"the demonstration doctor {facts.doctor} has no account")
    operations.save_record(
        encounter_id=encounter.pk,
        chief_complaint=facts.chief_complaint,
        present_illness=facts.present_illness,
        past_history=facts.past_history,
        allergy_history="否认药物、食物过敏史。",
        examination=facts.examination,
        plan=facts.plan,
        diagnosis_ids=[code.pk],
        by=by,
        at=opened + timedelta(minutes=10),
    )
    operations.sign_record(encounter_id=encounter.pk, by=by, at=opened + timedelta(minutes=12))
