"""The patient says what is the matter."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import operations as audit
from encounters import rules
from encounters.models import DiagnosisCode, Encounter
from encounters.operations.access import locked_for_patient
from kernel.errors import Violation, refuse_if_any


@transaction.atomic
def describe(
    *,
    encounter_id: int,
    complaint: str,
    allergies: str,
    current_medicines: str,
    disease_id: int | None,
    by: User,
    at: datetime,
) -> Encounter:
    """Keep complaint, allergies, medicines and the disease a hospital has diagnosed; may be said anew.

    Raises:
        RulesBroken: something is missing or too long (C-03), or the disease is not for online care (V-07).
        EncounterFixed: the visit has begun.
        NotFoundForYou: the encounter is not of her patients.
    """
    encounter = locked_for_patient(encounter_id, by)
    said = {
        "complaint": complaint.strip(),
        "allergies": allergies.strip(),
        "current_medicines": current_medicines.strip(),
    }
    disease = DiagnosisCode.objects.filter(pk=disease_id or 0).first()
    refuse_if_any([*rules.complaint_violations(**said), *_about(disease, encounter.institution.phone)])
    changed = {**said, "known_disease": disease}
    if all(getattr(encounter, name) == value for name, value in changed.items()):
        return encounter
    for name, value in changed.items():
        setattr(encounter, name, value)
    encounter.save(update_fields=[*changed])
    facts = {"category": disease.category} if disease else {}
    audit.record("encounters.described", on=encounter, by=by, at=at, facts=facts)
    return encounter


def _about(disease: DiagnosisCode | None, phone: str) -> list[Violation]:
    if disease is None:
        message = _("Choose the disease a hospital has diagnosed.")
        return [Violation("V-03", message, field="disease_id")]
    return rules.disease_violations(is_open_online=disease.is_open_online, phone=phone)
