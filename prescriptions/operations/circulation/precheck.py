"""D001: a circulation in the message that the centre checks first."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import override

from insurance.gateway.messages.fees import BY_CATALOGUE
from insurance.gateway.prescribing import prechecking
from insurance.operations.insurer import treatment_type_in
from prescriptions.models import Circulation, PrescriptionLine
from prescriptions.operations.circulation.reading import CHINESE, ID_CARD, codes_of, signed_at_of
from prescriptions.rules.frequencies import FREQUENCIES

OUTPATIENT_POOLING = "02"
"""rxExraAttrCode 门诊统筹处方."""
_KINDS = {
    "X": (prechecking.WESTERN, "西药"),
    "Z": (prechecking.PATENT, "中成药"),
    "T": (prechecking.HERBAL, "中药饮片"),
}
"""First letter of a catalogue code -> rx_item_type_code and its name."""
_ROUTES = {"oral": "1", "inhaled": "6", "subcutaneous": "4", "intravenous": "402", "transdermal": "5"}
"""drug_medc_way_code. ASSUMPTION: a hospital may send codes of its own; these need the province's table."""


def precheck_of(circulation: Circulation) -> prechecking.PrecheckPrescription:
    """D001. With the e-voucher its token and the number of the authorisation, else the identity number."""
    prescription, registration = circulation.prescription, circulation.registration
    voucher = registration.authorization
    by_voucher = voucher is not None and bool(voucher.voucher_token and voucher.authorization_number)
    certificate = (prechecking.BY_ID_NUMBER, prescription.encounter.patient.id_number)
    if voucher is not None and by_voucher:
        certificate = (prechecking.BY_VOUCHER, voucher.voucher_token)
    signed_at = signed_at_of(circulation)
    lines = list(prescription.lines.select_related("drug"))
    return prechecking.PrecheckPrescription(
        certificate_type=certificate[0],
        certificate_number=certificate[1],
        voucher_token=voucher.voucher_token if voucher is not None and by_voucher else None,
        authorization_number=voucher.authorization_number if voucher is not None and by_voucher else None,
        attribute=OUTPATIENT_POOLING,
        insured_region=registration.insured_region or None,
        treatment_region=prescription.encounter.institution.region_code,
        hospital_number=circulation.hospital_number,
        kind=_kind_of_all(lines),
        prescribed_at=signed_at,
        drug_count=Decimal(len(lines)),
        validity_days=prescription.validity_days,
        # The interface counts whole days from the moment of prescribing; our own end, a midnight, comes earlier and
        # is kept by withdrawing the prescription then.
        valid_until=signed_at + timedelta(days=prescription.validity_days),
        is_long_term=prescription.is_long_term,
        drugs=tuple(_drug(circulation, line, signed_at) for line in lines),
        visit=_visit(circulation),
        diagnoses=_diagnoses(circulation, signed_at),
    )


def _kind_of_all(lines: list[PrescriptionLine]) -> str:
    """rx_type_code: 1 western, 2 Chinese patent medicine, 3 herbal pieces [G]."""
    kinds = {_KINDS.get(line.drug.code[:1], _KINDS["X"])[0] for line in lines}
    return (
        {prechecking.HERBAL: "3", prechecking.PATENT: "2"}.get(next(iter(kinds)), "1")
        if len(kinds) == 1
        else "1"
    )


def _drug(
    circulation: Circulation, line: PrescriptionLine, signed_at: datetime
) -> prechecking.PrescribedDrug:
    drug, (kind, kind_name) = line.drug, _KINDS.get(line.drug.code[:1], _KINDS["X"])
    frequency = FREQUENCIES.get(line.frequency)
    price, amount = _price(circulation, line)
    with override(CHINESE):
        return prechecking.PrescribedDrug(
            catalogue_code=drug.code,
            hospital_code=drug.code if len(drug.code) <= 30 else None,
            kind=kind,
            kind_name=kind_name,
            generic_name=drug.generic_name,
            form=str(drug.get_form_display()),
            strength=drug.strength,
            route_code=_ROUTES.get(drug.route, drug.route),
            route_name=str(drug.get_route_display()),
            begins_at=signed_at,
            ends_at=signed_at + timedelta(days=line.days),
            days=Decimal(line.days),
            dose_unit=str(drug.get_dose_unit_display()),
            dose=line.dose,
            frequency_code=line.frequency,
            frequency_name=frequency.words.zh if frequency else line.frequency,
            quantity_unit=str(drug.get_pack_display()),
            quantity=Decimal(line.packs),
            price=price,
            amount=amount,
            approval=BY_CATALOGUE,
        )


def _price(circulation: Circulation, line: PrescriptionLine) -> tuple[Decimal | None, Decimal | None]:
    """Price of a pack and amount as charged here; a pharmacy sells at its own."""
    bill = circulation.prescription.bill
    charged = bill.lines.filter(item_code=line.drug.code).first() if bill else None
    return (charged.unit_price, charged.amount) if charged else (None, None)


def _visit(circulation: Circulation) -> prechecking.PrescribingVisit:
    prescription, registration = circulation.prescription, circulation.registration
    encounter, doctor = prescription.encounter, prescription.prescriber
    patient, main = encounter.patient, codes_of(circulation)[0]
    with override(CHINESE):
        title = str(doctor.get_title_display())
    return prechecking.PrescribingVisit(
        institution_name=encounter.institution.name,
        institution_code=encounter.institution.code,
        visit_number=registration.visit_number,
        treatment_type=treatment_type_in(encounter.institution.region_code),
        hospital_visit_number=encounter.number,
        person_number=registration.person_number or None,
        patient_name=patient.name,
        id_type=patient.id_type,
        id_number=patient.id_number,
        age=Decimal(patient.age_on(encounter.service_on)),
        gender=patient.gender,
        allergies=encounter.allergies or None,
        department_name=encounter.department.name,
        department_code=encounter.department.code,
        doctor_code=doctor.insurance_code,
        doctor_name=doctor.name,
        doctor_id_type=ID_CARD if doctor.id_number else None,
        doctor_id_number=doctor.id_number or None,
        doctor_title_code=doctor.title,
        doctor_title=title,
        doctor_department_code=doctor.department.code,
        doctor_department_name=doctor.department.name,
        subject_code=encounter.department.code[:6],
        began_at=encounter.begun_at or encounter.opened_at,
        main_diagnosis_code=main.insurance_code,
        main_diagnosis_name=main.insurance_name,
        condition=encounter.complaint or None,
        fee_amount=prescription.bill.total_amount if prescription.bill else None,
    )


def _diagnoses(circulation: Circulation, at: datetime) -> tuple[prechecking.PrescribingDiagnosis, ...]:
    prescription = circulation.prescription
    department, doctor = prescription.encounter.department, prescription.prescriber
    return tuple(
        prechecking.PrescribingDiagnosis(
            is_main=number == 1,
            order=number,
            code=code.insurance_code,
            name=code.insurance_name,
            department_name=department.name,
            department_code=department.code,
            doctor_code=doctor.insurance_code,
            doctor_name=doctor.name,
            diagnosed_at=at,
        )
        for number, code in enumerate(codes_of(circulation), start=1)
    )
