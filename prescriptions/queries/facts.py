"""The frozen facts that the rules are given, read from the rows."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from encounters.models import Encounter
from kernel.clock import day_of
from prescriptions.models import Prescription, PrescriptionLine
from prescriptions.queries.screening import as_rule_finding, order_of
from prescriptions.queries.visibility import past_prescriptions, prices_of
from prescriptions.rules import Kept, check
from prescriptions.rules.facts import (
    DiagnosisFacts,
    LineFacts,
    PatientFacts,
    PrescriptionFacts,
    RunningDrug,
    VisitFacts,
)
from prescriptions.rules.findings import RuleFinding
from prescriptions.states import PrescriptionState
from registry.models.patients import Gender
from screening.queries import look
from screening.rules.kinds import Effect, Moment

LONGEST_SUPPLY = timedelta(days=84)


def findings_of(prescription: Prescription, at: datetime) -> tuple[RuleFinding, ...]:
    """What our rules and the audit rules of the insurance say of the prescription as it stands now."""
    ours = check(facts_of(prescription, at))
    audited = look(order_of(prescription, at, ours), Moment.BEFORE_SIGNING)
    theirs = (as_rule_finding(found) for found in audited if found.effect is not Effect.RECORD)
    return tuple(sorted((*ours, *theirs), key=lambda finding: finding.severity))


def kept_of(prescription: Prescription) -> dict[str, Kept]:
    """Finding key to the reason the doctor has typed so far."""
    return {key: Kept(said["reason"], said["again"]) for key, said in prescription.kept.items()}


def facts_of(prescription: Prescription, at: datetime) -> PrescriptionFacts:
    """Everything the rules may look at, on the day of ``at``; prices and stock are those of now."""
    encounter, on = prescription.encounter, day_of(at)
    lines = list(prescription.lines.select_related("drug"))
    return PrescriptionFacts(
        on=on,
        patient=_patient(encounter, on),
        visit=_visit(prescription, on),
        lines=_lines(lines, encounter, on),
        running=running_drugs(encounter, on),
        is_long_term=prescription.is_long_term,
        confirmations=frozenset(prescription.confirmations),
        days_reason=prescription.days_reason,
        evaluation=prescription.evaluation,
        validity_days=prescription.validity_days,
        validity_reason=prescription.validity_reason,
    )


def _lines(lines: Sequence[PrescriptionLine], encounter: Encounter, on: date) -> tuple[LineFacts, ...]:
    prices = prices_of([line.drug for line in lines], encounter.institution, on)
    return tuple(
        LineFacts(
            number=line.number,
            drug=line.drug.facts(prices[line.drug_id].amount if line.drug_id in prices else None),
            dose=line.dose,
            frequency=line.frequency,
            days=line.days,
            packs=line.packs,
        )
        for line in lines
    )


def _patient(encounter: Encounter, on: date) -> PatientFacts:
    patient = encounter.patient
    record = getattr(encounter, "record", None)
    stated = (encounter.allergies, record.allergy_history if record else "", patient.allergies)
    return PatientFacts(
        age=patient.age_on(on),
        is_female=patient.gender == Gender.FEMALE,
        allergies="；".join(dict.fromkeys(text for text in stated if text)),
        medicines_stated=encounter.current_medicines,
    )


def _visit(prescription: Prescription, on: date) -> VisitFacts:
    encounter, prescriber = prescription.encounter, prescription.prescriber
    return VisitFacts(
        is_cleared=encounter.cleared_at is not None,
        is_ended=encounter.ended_at is not None and not _answers_a_return(prescription),
        is_by_own_doctor=prescription.prescriber_id == encounter.practitioner_id,
        prescriber_title=prescriber.title,
        prescriber_years=prescriber.independent_years_on(on),
        proven=proven_categories(encounter),
        diagnoses=tuple(diagnoses_of(encounter)),
    )


def _answers_a_return(prescription: Prescription) -> bool:
    """A returned prescription may be answered after the visit has been completed."""
    earlier = Prescription.objects.filter(number=prescription.number, version=prescription.version - 1)
    return earlier.filter(state=PrescriptionState.RETURNED).exists()


def proven_categories(encounter: Encounter) -> tuple[str, ...]:
    """Categories of the diseases that the proof and the patient name."""
    proof = getattr(encounter, "proof", None)
    codes = (proof.disease if proof else None, encounter.known_disease)
    return tuple(dict.fromkeys(code.category for code in codes if code))


def diagnoses_of(encounter: Encounter) -> Iterable[DiagnosisFacts]:
    """The diagnoses of the record in order; none without a record."""
    record = getattr(encounter, "record", None)
    if record is None:
        return []
    rows = record.diagnoses.select_related("code").order_by("number")
    return [DiagnosisFacts(row.code.clinical_code, row.code.name, row.code.name_en) for row in rows]


def running_drugs(encounter: Encounter, on: date) -> tuple[RunningDrug, ...]:
    """Medicines of the patient's other passed prescriptions that are not used up on the day."""
    recent = past_prescriptions(encounter.patient).exclude(encounter=encounter)
    running = []
    for prescription in recent.filter(effective_at__date__gte=on - LONGEST_SUPPLY):
        began = day_of(prescription.effective_at) if prescription.effective_at else on
        for line in prescription.lines.all():
            until, drug = began + timedelta(days=line.days), line.drug
            if until > on:
                running.append(
                    RunningDrug(
                        str(drug),
                        f"{drug.generic_name_en} {drug.strength}",
                        tuple(drug.ingredients),
                        drug.class_code,
                        until,
                    )
                )
    return tuple(running)
