"""Tie a confirmed person to the account that asked."""

from datetime import datetime

from accounts.models import User
from audit import operations as audit
from kernel.identifiers import IdNumber, masked_name
from registry.models import Guardianship, Patient, VerificationRequest
from registry.models.patients import Relation


def link(question: VerificationRequest, *, by: User | None, at: datetime) -> Patient | None:
    """The patient of a confirmed question, with the right to act for her; None when she belongs elsewhere.

    Runs in the caller's transaction. Two accounts that ask for one person at the same moment wait for each
    other on the patient's row, so exactly one of them gets her.
    """
    number = IdNumber(question.id_number)
    made, is_new = Patient.objects.get_or_create(
        id_fingerprint=question.id_fingerprint,
        defaults={
            "name": question.name,
            "id_number": number.value,
            "gender": number.gender.value,
            "born_on": number.born_on,
        },
    )
    patient = Patient.objects.select_for_update().get(pk=made.pk)
    rights = Guardianship.objects.live().filter(patient=patient)
    if rights.exclude(user=question.user).exists():
        return None
    _confirm(patient, question, at)
    if is_new:
        audit.record("registry.patient.registered", on=patient, by=by, at=at)
    if not rights.filter(user=question.user).exists():
        right = Guardianship.objects.create(
            user=question.user, patient=patient, relation=question.relation, since_at=at
        )
        audit.record(
            "registry.guardianship.begun", on=right, by=by, at=at, facts={"relation": right.relation}
        )
    return patient


def _confirm(patient: Patient, question: VerificationRequest, at: datetime) -> None:
    is_self = question.relation == Relation.SELF
    patient.name = question.name
    patient.verified_at = at
    patient.verification_request = question.number
    patient.mobile = question.mobile or (question.user.mobile if is_self else patient.mobile)
    patient.save(update_fields=["name", "verified_at", "verification_request", "mobile"])
    if is_self:
        question.user.display_name = masked_name(question.name)
        question.user.save(update_fields=["display_name"])
