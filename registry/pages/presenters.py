"""What the pages of Me show."""

from dataclasses import dataclass
from typing import Any

from accounts.models import Role, User
from kernel.errors import RulesBroken
from kernel.identifiers import masked_mobile
from registry import rules
from registry.models import Coverage, Guardianship, Patient, VerificationRequest
from registry.models.patients import Relation
from registry.queries import coverage_of, guardianships_of, help_phone, open_verifications_of
from registry.states import VerificationState


@dataclass(frozen=True, slots=True)
class Member:
    """One patient of the user, as a row shows her."""

    guardianship: Guardianship
    patient: Patient
    coverage: Coverage | None

    @property
    def is_self(self) -> bool:
        """Whether it is the user herself."""
        return self.guardianship.relation == Relation.SELF

    @property
    def has_said(self) -> bool:
        """Whether anything was stated about the insurance."""
        return self.coverage is not None or self.patient.pays_self_since is not None


def me(user: User) -> dict[str, Any]:
    """The page Me."""
    rights = list(guardianships_of(user))
    live = Coverage.objects.filter(patient__in=[right.patient_id for right in rights], ended_at__isnull=True)
    covers = {cover.patient_id: cover for cover in live}
    members = [Member(right, right.patient, covers.get(right.patient_id)) for right in rights]
    own = next((member for member in members if member.is_self), None)
    waiting = list(open_verifications_of(user))
    return {
        "own": own,
        "family": [member for member in members if not member.is_self],
        "waiting": waiting,
        "is_waiting_for_self": any(question.relation == Relation.SELF for question in waiting),
        "tab": "me",
        "is_patient": user.is_in_role(Role.PATIENT),
        "masked_mobile": masked_mobile(user.mobile),
        "help_phone": help_phone(),
    }


def standing(question: VerificationRequest) -> dict[str, Any]:
    """How a confirmation stands."""
    is_self = question.relation == Relation.SELF
    return {
        "question": question,
        "is_self": is_self,
        "violations": [] if question.is_open else refusal_of(question).violations,
        "again": "registry:real_name" if is_self else "registry:family_add",
    }


def refusal_of(question: VerificationRequest) -> RulesBroken:
    """What a question that was answered otherwise tells the person."""
    phone = help_phone()
    if question.state == VerificationState.NOT_FOUND:
        return RulesBroken(violations=rules.not_found_violations(phone=phone))
    if question.state == VerificationState.TAKEN:
        return RulesBroken(violations=rules.taken_violations(phone=phone))
    return RulesBroken(violations=rules.mismatch_violations())


def coverage_initial(patient: Patient) -> dict[str, str]:
    """What was stated before; empty when nothing was."""
    cover = coverage_of(patient)
    if cover:
        return {"insurance_type": cover.insurance_type, "insured_region": cover.insured_region}
    return {"insurance_type": "none"} if patient.pays_self_since else {}
