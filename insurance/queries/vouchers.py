"""E-voucher authorisations of an encounter."""

from django.conf import settings

from accounts.models import User
from encounters.models import Encounter
from insurance.models import VoucherAuthorization
from insurance.rules.vouchers import missing_voucher
from insurance.states import AuthorizationState
from kernel.errors import NotFoundForYou, Text, Violation
from registry.models import Patient
from registry.models.patients import InsuranceType
from registry.queries import patients_of

_SHOWN = (AuthorizationState.GIVEN, AuthorizationState.USED)


def latest_authorization(encounter: Encounter) -> VoucherAuthorization | None:
    """What was asked last, whatever came of it."""
    return VoucherAuthorization.objects.filter(encounter=encounter).select_related("payer").first()


def own_authorization(encounter: Encounter) -> VoucherAuthorization | None:
    """The e-voucher by which the patient herself is known for this encounter; a family member's is not hers."""
    hers = VoucherAuthorization.objects.filter(encounter=encounter, payer=encounter.patient_id)
    return hers.filter(state__in=_SHOWN).exclude(authorization_number="").first()


def own_authorization_id(encounter: Encounter) -> int | None:
    """Its key, for a row that is just being made."""
    found = own_authorization(encounter)
    return found.pk if found else None


def authorization_for(user: User, encounter: Encounter, business_number: str) -> VoucherAuthorization:
    """One that this user has asked for.

    Raises:
        NotFoundForYou: there is none with this number, or it is not hers.
    """
    asked = VoucherAuthorization.objects.filter(encounter=encounter, asked_by=user)
    found = asked.filter(business_number=business_number).first()
    if found is None:
        raise NotFoundForYou
    return found


def payers_for(user: User, patient: Patient) -> list[Patient]:
    """Who can show an e-voucher for a patient: herself first, then her family with an employee's account."""
    family = patients_of(user).filter(
        coverages__ended_at__isnull=True, coverages__insurance_type=InsuranceType.EMPLOYEE
    )
    return [patient, *(person for person in family if person.pk != patient.pk)]


def voucher_violation(encounter: Encounter, *, way: Text) -> Violation | None:
    """Why the insurance is not asked before she shows her e-voucher; one statement where it is asked for."""
    if not settings.INSURANCE_VOUCHER_REQUIRED:
        return None
    has = own_authorization(encounter) is not None
    return missing_voucher(is_required=True, has_authorization=has, way=way)
