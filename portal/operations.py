"""What the portal itself does: very little."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from portal.queries.clinic import visit_of
from registry.models import Patient


@dataclass(frozen=True, slots=True)
class RevealedPatient:
    """A patient's name and numbers in full."""

    name: str
    id_number: str
    mobile: str


@transaction.atomic
def reveal_patient(*, encounter_number: str, by: User, at: datetime) -> RevealedPatient:
    """Show a doctor his patient's name and numbers in full, and keep a trace that he has seen them.

    Raises:
        NotFoundForYou: the visit is not his.
    """
    revisit = visit_of(by, encounter_number)
    patient = Patient.objects.select_for_update().get(pk=revisit.encounter.patient_id)
    facts = {"encounter": encounter_number, "fields": ["name", "id_number", "mobile"]}
    audit.record("registry.patient.revealed", on=patient, by=by, at=at, facts=facts)
    return RevealedPatient(name=patient.name, id_number=patient.id_number, mobile=patient.mobile)
