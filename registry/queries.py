"""Who may see which patient, and the rows that screens need."""

from django.db.models import Case, FilteredRelation, Q, QuerySet, When

from accounts.models import User
from kernel.errors import NotFoundForYou
from registry.models import Coverage, Guardianship, Institution, Patient, Practitioner, VerificationRequest
from registry.models.patients import Relation
from registry.states import OPEN_STATES


def guardianships_of(user: User) -> QuerySet[Guardianship]:
    """Her live rights to act for patients, herself first, then in the order of adding."""
    live = Guardianship.objects.live().filter(user=user).select_related("patient")
    return live.order_by(Case(When(relation=Relation.SELF, then=0), default=1), "since_at", "pk")


def patients_of(user: User) -> QuerySet[Patient]:
    """The patients a user may act for today: herself first, then her family in the order of adding."""
    mine = FilteredRelation(
        "guardianships", condition=Q(guardianships__user=user, guardianships__ended_at__isnull=True)
    )
    herself_first = Case(When(live_right__relation=Relation.SELF, then=0), default=1)
    rights = Patient.objects.alias(live_right=mine).filter(live_right__isnull=False)
    return rights.order_by(herself_first, "live_right__since_at", "pk")


def patient_for(user: User, patient_id: int) -> Patient:
    """One of her patients.

    Raises:
        NotFoundForYou: there is no such patient, or she may not act for him.
    """
    patient = patients_of(user).filter(pk=patient_id).first()
    if patient is None:
        raise NotFoundForYou
    return patient


def self_of(user: User) -> Patient | None:
    """The user as a patient, once her real name is verified."""
    own = Guardianship.objects.live().filter(
        user=user, relation=Relation.SELF, patient__verified_at__isnull=False
    )
    guardianship = own.select_related("patient").first()
    return guardianship.patient if guardianship else None


def practitioner_of(user: User) -> Practitioner:
    """The active practitioner this user is.

    Raises:
        NotFoundForYou: she is none, or not active any more.
    """
    active = Practitioner.objects.filter(user=user, is_active=True)
    practitioner = active.select_related("institution", "department", "user").first()
    if practitioner is None:
        raise NotFoundForYou
    return practitioner


def coverage_of(patient: Patient) -> Coverage | None:
    """The insurance a patient has stated; None when she pays herself or has not said yet."""
    return Coverage.objects.filter(patient=patient, ended_at__isnull=True).first()


def open_verifications_of(user: User) -> QuerySet[VerificationRequest]:
    """What is still being confirmed for her, newest first; usually empty."""
    return VerificationRequest.objects.filter(user=user, state__in=OPEN_STATES)


def verification_for(user: User, number: str) -> VerificationRequest:
    """One of her verifications.

    Raises:
        NotFoundForYou: there is none with this number, or it is not hers.
    """
    found = VerificationRequest.objects.filter(user=user, number=number).select_related("patient").first()
    if found is None:
        raise NotFoundForYou
    return found


def institution() -> Institution | None:
    """The hospital this installation belongs to; None before any was entered."""
    return Institution.objects.order_by("pk").first()


def help_phone() -> str:
    """The number people call when the page cannot help them; empty before a hospital was entered."""
    hospital = institution()
    return hospital.phone if hospital else ""
