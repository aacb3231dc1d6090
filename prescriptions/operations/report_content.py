"""What the insurer is told of a visit and of packs, in its messages."""

from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from django.utils.translation import override

from insurance.gateway import messages as m
from insurance.gateway.messages.sales import INSURED, SELF_PAID, TracedPackage
from insurance.gateway.port import GatewayRefused
from insurance.models import Settlement, VisitRegistration
from insurance.operations.visits import reported_treatment_type
from prescriptions.models import Circulation, InsurerReport, PackCode, Prescription, PrescriptionLine
from prescriptions.operations.circulation.reading import CHINESE, ID_CARD
from prescriptions.rules.dosing import plain
from prescriptions.rules.frequencies import FREQUENCIES
from prescriptions.states import PASSED, CirculationState

M = TypeVar("M", m.ReportSale, m.ReportReturn)


def care_of(report: InsurerReport, registration: VisitRegistration | None) -> m.ReportCare:
    """4301: the record as it was signed, with what was prescribed and passed."""
    if registration is None:
        raise GatewayRefused("the insurer knows no such visit")
    encounter = report.encounter
    record, doctor = encounter.record, encounter.practitioner
    return m.ReportCare(
        insured_region=registration.insured_region,
        registration=m.CareRegistration(
            visit_number=registration.visit_number,
            person_number=registration.person_number,
            hospital_visit_number=encounter.number,
            treatment_type=reported_treatment_type(registration),
            registered_at=encounter.opened_at,
            seen_at=encounter.begun_at or encounter.opened_at,
            department_code=encounter.department.code,
            department_name=encounter.department.name,
            doctor_code=doctor.insurance_code,
            doctor_name=doctor.name,
        ),
        case=m.CareCase(
            complaint=record.chief_complaint or encounter.complaint,
            present_illness=record.present_illness or None,
            past_history=record.past_history or None,
            allergies=record.allergy_history or encounter.allergies or None,
            examination=record.examination or None,
            advice=record.plan or None,
        ),
        diagnoses=_diagnoses(report, record.signed_at),
        drugs=tuple(_drug(line) for line in _passed_lines(report)),
    )


def _diagnoses(report: InsurerReport, at: datetime | None) -> tuple[m.DiagnosisRow, ...]:
    encounter = report.encounter
    rows = encounter.record.diagnoses.select_related("code").order_by("number")
    return tuple(
        m.DiagnosisRow(
            order=row.number,
            code=row.code.insurance_code,
            name=row.code.insurance_name,
            department_name=encounter.department.name,
            doctor_code=encounter.practitioner.insurance_code,
            doctor_name=encounter.practitioner.name,
            diagnosed_at=at or encounter.opened_at,
        )
        for row in rows
    )


def _passed_lines(report: InsurerReport) -> list[PrescriptionLine]:
    lines = PrescriptionLine.objects.filter(
        prescription__encounter=report.encounter_id, prescription__state__in=sorted(PASSED)
    )
    return list(lines.select_related("drug", "prescription__prescriber").order_by("prescription", "number"))


def _drug(line: PrescriptionLine) -> m.CareDrug:
    prescription, drug = line.prescription, line.drug
    frequency = FREQUENCIES.get(line.frequency)
    with override(CHINESE):
        return m.CareDrug(
            prescription_number=prescription.number,
            prescribed_at=prescription.signed_at or prescription.created_at,
            catalogue_code=drug.code,
            hospital_code=drug.code,
            name=drug.generic_name,
            specification=drug.strength,
            quantity=Decimal(line.packs),
            unit=str(drug.get_pack_display()),
            single_dose=f"{plain(line.dose)} {drug.get_dose_unit_display()}",
            frequency=frequency.words.zh if frequency else line.frequency,
            route=str(drug.get_route_display()),
            doctor_code=prescription.prescriber.insurance_code,
            doctor_name=prescription.prescriber.name,
        )


def sale_of(report: InsurerReport, registration: VisitRegistration | None) -> m.ReportSale:
    """3505: the packs of one line as they went out."""
    return _movement(m.ReportSale, report, registration)


def return_of(report: InsurerReport, registration: VisitRegistration | None) -> m.ReportReturn:
    """3506: the packs of one line that came back."""
    return _movement(m.ReportReturn, report, registration)


def _movement(kind: type[M], report: InsurerReport, registration: VisitRegistration | None) -> M:
    line, first = _line_of(report), _first_pack(report)
    prescription, drug, pharmacist = line.prescription, line.drug, first.sold_by
    settled = _settlement_of(prescription)
    insured = settled is not None and registration is not None
    charged = prescription.bill.lines.filter(item_code=drug.code).first() if prescription.bill else None
    return kind(
        insured_region=registration.insured_region if insured and registration else None,
        catalogue_code=drug.code,
        hospital_code=drug.code[:30],
        hospital_name=drug.generic_name,
        stock_batch=first.lot_number,
        doctor_name=prescription.prescriber.name,
        pharmacist_name=pharmacist.name,
        # ASSUMPTION: the registry holds no number of the pharmacist's licence; the national code stands for it.
        pharmacist_licence=pharmacist.insurance_code,
        settlement_number=settled.number if insured and settled else None,
        hospital_visit_number=report.encounter.number,
        person_number=registration.person_number if registration else None,
        id_type=ID_CARD,
        id_number=report.encounter.patient.id_number,
        person_name=report.encounter.patient.name,
        lot_number=first.lot_number,
        made_on=_made_on(first),
        expires_on=first.expires_on,
        is_prescription_drug=True,
        price=charged.unit_price if charged else None,
        prescription_number=prescription.number,
        is_circulated=_was_taken_elsewhere(prescription),
        document_number=f"{prescription.number}-{line.number}-{report.pk}",
        quantity=Decimal(len(report.codes)),
        moved_at=report.due_at,
        operator_name=pharmacist.name,
        payer=INSURED if insured else SELF_PAID,
        packages=tuple(TracedPackage(trace_code=code) for code in report.codes),
    )


def _line_of(report: InsurerReport) -> PrescriptionLine:
    lines = PrescriptionLine.objects.select_related("drug", "prescription__prescriber", "prescription__bill")
    return lines.get(insurer_reports=report)


def _first_pack(report: InsurerReport) -> PackCode:
    """Lot and days are those of the first pack: a line is handed out of one lot."""
    return PackCode.objects.select_related("sold_by").filter(code__in=report.codes).earliest("pk")


def _made_on(pack: PackCode) -> date:
    if pack.made_on is None:
        raise GatewayRefused("manu_date: missing")
    return pack.made_on


def _settlement_of(prescription: Prescription) -> Settlement | None:
    """The insurer's settlement of its bill that stands, None when she paid everything herself."""
    made = Settlement.objects.filter(
        claim__bill=prescription.bill_id, reverses__isnull=True, reversal__isnull=True
    )
    return made.order_by("-pk").first() if prescription.bill_id else None


def _was_taken_elsewhere(prescription: Prescription) -> bool:
    return Circulation.objects.filter(prescription=prescription, state=CirculationState.TAKEN).exists()
