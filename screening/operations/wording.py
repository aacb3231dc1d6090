"""An order in the insurer's words (3101, 3102, 3103), and its findings in ours."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from encounters.models import Encounter
from insurance.gateway import messages as m
from insurance.gateway.messages.analysis import BEFORE, DURING
from insurance.gateway.profile import profile_for
from insurance.models import VisitRegistration
from insurance.operations.insurer import treatment_type_in
from kernel.money import ZERO, to_yuan
from screening.models import HandlingReport
from screening.queries.orders import diagnosis_rows_of
from screening.rules.facts import OrderFacts, OrderLine
from screening.rules.kinds import Moment

KINDS = {Moment.BEFORE_SIGNING.value: BEFORE, Moment.BEFORE_CHARGING.value: DURING}
_NAME, _SPEC = 50, 20


def analysis_of(order: OrderFacts, registration: VisitRegistration, moment: Moment) -> m.AnalyseDetails:
    """The order as the insurer is asked about it; ``rx_id`` ends in the number of the line."""
    patient = registration.encounter.patient
    profile = profile_for(registration.encounter.institution.region_code)
    before = moment == Moment.BEFORE_SIGNING
    person = m.AnalysedPerson(
        person_number=registration.person_number,
        name=patient.name,
        gender=patient.gender,
        born_on=patient.born_on,
        pooling_area=registration.insured_region,
        visit_number=_visit_number(registration),
        visits=(_visit(order, registration),),
    )
    return m.AnalyseDetails(
        insured_region=registration.insured_region,
        system_code=profile.analysis_system_code,
        scene=profile.analysis_scene_before if before else profile.analysis_scene_during,
        persons=(person,),
    )


def _visit_number(registration: VisitRegistration) -> str:
    """The insurer's number; before 2201 ours."""
    return registration.visit_number or registration.encounter.number


def _visit(order: OrderFacts, registration: VisitRegistration) -> m.AnalysedVisit:
    encounter = registration.encounter
    hospital, department = encounter.institution, encounter.department
    diagnoses = _diagnoses(order, encounter)
    return m.AnalysedVisit(
        visit_number=_visit_number(registration), institution_code=hospital.code, institution_name=hospital.name,
        institution_region=hospital.region_code, institution_level=str(hospital.level), began_at=encounter.opened_at,
        main_diagnosis_code=diagnoses[0].code[:20], main_diagnosis_name=diagnoses[0].name[:_NAME],
        doctor_code=order.prescriber, department_code=department.code, department_name=department.name,
        treatment_type=treatment_type_in(hospital.region_code), insurance_type=registration.insurance_type,
        total_amount=sum((line.amount or ZERO for line in order.lines), ZERO), diagnoses=diagnoses,
        orders=tuple(_order(line, order, encounter) for line in order.lines),
    )  # fmt: skip


def _diagnoses(order: OrderFacts, encounter: Encounter) -> tuple[m.AnalysedDiagnosis, ...]:
    return tuple(
        m.AnalysedDiagnosis(
            diagnosis_id=f"{encounter.number}-{number}", is_main=number == 1, order=str(number), code=code.insurance_code,
            name=code.insurance_name, diagnosed_at=order.at,
        )
        for number, code in enumerate(diagnosis_rows_of(encounter), start=1)
    )  # fmt: skip


def _order(line: OrderLine, order: OrderFacts, encounter: Encounter) -> m.AnalysedOrder:
    amount = line.amount or ZERO
    doctor = encounter.practitioner
    return m.AnalysedOrder(
        order_id=f"{order.key}-{line.number}", prescription_number=order.key[:20],
        catalogue_code=line.national_code or line.code, catalogue_name=line.name[:_NAME],
        hospital_code=line.code[:_SPEC], hospital_name=line.name[:_NAME], quantity=line.quantity,
        price=to_yuan(amount / line.quantity) if line.quantity else ZERO, amount=amount, begins_at=order.at,
        ends_at=order.at + timedelta(days=line.days) if line.days else None,
        department_code=encounter.department.code, department_name=encounter.department.name[:_NAME],
        doctor_code=doctor.insurance_code, doctor_name=doctor.name[:30], doctor_title=doctor.title,
    )  # fmt: skip


def warnings_of(reply: m.AnalysisReply, order: OrderFacts) -> list[dict[str, Any]]:
    """What the insurer found, as it is kept; numbers of lines are those of the order."""
    return [
        {
            "id": found.finding_id, "rule": found.rule_id, "name": found.rule_name,
            "content": found.content or found.rule_name, "evidence": found.evidence or "",
            "severity": found.severity or "", "amount": _amount(found.amount), "lines": _lines(found, order),
        }
        for found in reply.findings
    ]  # fmt: skip


def _amount(amount: Decimal | None) -> str:
    return "" if amount is None else str(amount)


def _lines(found: m.AnalysisFinding, order: OrderFacts) -> list[int]:
    by_id = {f"{order.key}-{line.number}": line.number for line in order.lines}
    named = {by_id[one.order_id] for one in found.details if one.order_id in by_id}
    return sorted(named)


def handling_of(report: HandlingReport) -> m.ReportHandling:
    """What became of the findings of one question."""
    handled = tuple(
        m.HandledFinding(finding_id=answer["id"], way=answer["way"], reason=answer["reason"] or None)
        for answer in report.answers
    )
    return m.ReportHandling(kind=KINDS[report.analysis.moment], handled=handled)
