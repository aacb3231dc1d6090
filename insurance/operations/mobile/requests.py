"""What a claim is in the words of the mobile payment centre."""

from datetime import datetime

from insurance.gateway.mobile import requests as r
from insurance.models import Claim, MobileOrder, MobileRefund, VoucherAuthorization
from insurance.operations import uploading
from insurance.operations.chronic import treatment_type_of


def upload(claim: Claim, order: MobileOrder) -> r.UploadOrder:
    """6201. Nothing in it depends on when it is written, so that the same number has the same words."""
    registration = claim.registration
    encounter = registration.encounter
    return r.UploadOrder(
        institution_code=encounter.institution.code,
        order_number=order.number,
        person_number=registration.person_number,
        insurance_type=registration.insurance_type,
        insured_region=registration.insured_region,
        person_name=encounter.patient.name,
        id_number=encounter.patient.id_number,
        voucher_token=voucher_token(claim),
        began_at=encounter.opened_at,
        visit_number=registration.visit_number,
        hospital_visit_number=encounter.number,
        department_code=encounter.department.code,
        department_name=encounter.department.name,
        subject_code=encounter.department.code,
        doctor_code=encounter.practitioner.insurance_code,
        doctor_name=encounter.practitioner.name,
        treatment_type=treatment_type_of(registration, claim.disease_code),
        disease_code=claim.disease_code or None,
        disease_name=claim.disease_name or None,
        batch_number=claim.batch_number,
        total_amount=uploading.total_of(claim),
        lines=tuple(_line(claim, line) for line in uploading.lines_of(claim)),
    )


def _line(claim: Claim, claimed: uploading.ClaimedLine) -> r.OrderLine:
    """One line of the bill."""
    line = claimed.line
    registration = claim.registration
    doctor, department = registration.encounter.practitioner, registration.encounter.department
    return r.OrderLine(
        line_number=uploading.line_reference(claim, line.number),
        visit_number=registration.visit_number,
        person_number=registration.person_number,
        batch_number=claim.batch_number,
        disease_code=claim.disease_code or None,
        charged_at=claim.bill.opened_at,
        catalogue_code=line.insurance_code or line.item_code,
        hospital_code=line.item_code,
        amount=claimed.amount,
        quantity=claimed.quantity,
        unit_price=claimed.unit_price,
        department_code=department.code,
        department_name=department.name,
        doctor_code=doctor.insurance_code,
        doctor_name=doctor.name,
    )


def pay(claim: Claim, order: MobileOrder, authorization: VoucherAuthorization) -> r.PayOrder:
    """6202."""
    return r.PayOrder(
        payment_permission=authorization.payment_number,
        centre_number=order.centre_number or "",
        token=order.token,
        institution_code=claim.registration.encounter.institution.code,
        business_number=order.business_number,
        batch_number=claim.batch_number,
        visit_number=claim.registration.visit_number,
        voucher_token=authorization.voucher_token or None,
    )


def ask(claim: Claim, order: MobileOrder) -> r.AskOrder:
    """6301 and 6401."""
    encounter = claim.registration.encounter
    return r.AskOrder(
        centre_number=order.centre_number or "",
        institution_code=encounter.institution.code,
        token=order.token,
        id_number=encounter.patient.id_number,
        person_name=encounter.patient.name,
    )


def refund(claim: Claim, order: MobileOrder, given_back: MobileRefund, *, at: datetime) -> r.RefundOrder:
    """6203: the insurance part, all of it."""
    return r.RefundOrder(
        centre_number=order.centre_number or "",
        refund_number=given_back.number,
        asked_at=at,
        total_amount=given_back.total_amount,
        cash_amount=given_back.cash_amount,
        account_amount=given_back.account_amount,
        fund_amount=given_back.fund_amount,
        kind=given_back.kind,
        voucher_token=voucher_token(claim),
    )


def voucher_token(claim: Claim) -> str | None:
    """The token of the e-voucher by which she is known; the permission to pay is kept for the payment."""
    authorization = claim.registration.authorization
    return (authorization.voucher_token if authorization else "") or None
