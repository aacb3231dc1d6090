"""D002 to D007: a circulation in the messages that follow the check."""

from datetime import datetime

from django.utils.translation import gettext, override

from insurance.gateway.prescribing.following import AskPrescription, WithdrawPrescription
from insurance.gateway.prescribing.signing import SignedPrescription, SignPrescription, UploadPrescription
from prescriptions.models import Circulation
from prescriptions.operations.circulation.reading import CHINESE, ID_CARD


def signed_fields(circulation: Circulation) -> SignedPrescription:
    """The twenty fields that are signed."""
    prescription = circulation.prescription
    encounter, reviewer = prescription.encounter, prescription.review.reviewer
    with override(CHINESE):
        title = str(reviewer.get_title_display())
    return SignedPrescription(
        trace_code=circulation.trace_code,
        centre_number=circulation.centre_number,
        visit_number=circulation.registration.visit_number,
        patient_name=encounter.patient.name,
        id_type=encounter.patient.id_type,
        id_number=encounter.patient.id_number,
        institution_name=encounter.institution.name,
        institution_code=encounter.institution.code,
        doctor_code=prescription.prescriber.insurance_code,
        doctor_name=prescription.prescriber.name,
        pharmacy_department_name=reviewer.department.name,
        pharmacy_department_code=reviewer.department.code,
        pharmacist_title_code=reviewer.title,
        pharmacist_title=title,
        pharmacist_code=reviewer.insurance_code,
        pharmacist_id_type=ID_CARD if reviewer.id_number else None,
        pharmacist_id_number=reviewer.id_number or None,
        pharmacist_name=reviewer.name,
        reviewed_at=prescription.review.reviewed_at,
    )


def signature(circulation: Circulation, original: bytes) -> SignPrescription:
    """D002."""
    return SignPrescription(
        institution_code=circulation.prescription.encounter.institution.code,
        content=signed_fields(circulation),
        original=original,
    )


def upload(circulation: Circulation) -> UploadPrescription:
    """D003."""
    return UploadPrescription(
        content=signed_fields(circulation), file=circulation.signed_file, digest=circulation.digest
    )


def withdrawal(circulation: Circulation, at: datetime) -> WithdrawPrescription:
    """D004 in the name of the doctor who prescribed."""
    prescription = circulation.prescription
    doctor = prescription.prescriber
    with override(CHINESE):
        reason = gettext(circulation.withdraw_reason)
    return WithdrawPrescription(
        centre_number=circulation.centre_number,
        institution_code=prescription.encounter.institution.code,
        doctor_code=doctor.insurance_code,
        doctor_name=doctor.name,
        doctor_id_type=ID_CARD,
        # ASSUMPTION: a centre that wants the identity number and gets the code instead refuses, and a person sees it.
        doctor_id_number=doctor.id_number or doctor.insurance_code,
        reason=reason,
        withdrawn_at=at,
    )


def question(circulation: Circulation) -> AskPrescription:
    """D005, D006, D007."""
    encounter = circulation.prescription.encounter
    return AskPrescription(
        centre_number=circulation.centre_number,
        institution_code=encounter.institution.code,
        visit_number=circulation.registration.visit_number,
        patient_name=encounter.patient.name,
        id_type=encounter.patient.id_type,
        id_number=encounter.patient.id_number,
    )
