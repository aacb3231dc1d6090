"""Orders made of what lies below: bills and their lines, earlier charges, and where the patient was in person."""

from dataclasses import replace
from datetime import datetime, timedelta

from billing.models import Bill, BillPurpose, FeeDetail
from billing.states import BillState
from encounters.models import DiagnosisCode, Encounter, EncounterKind
from kernel.clock import day_of
from registry.models import Patient
from screening.rules.facts import DiagnosisFact, EarlierItem, OrderFacts, OrderLine, Presence
from screening.rules.kinds import LineKind, Mode

LOOKS_BACK = timedelta(days=31)
"""ASSUMPTION: no published period of a frequency is longer than a month."""
_PRESENT = timedelta(hours=24)
_GONE = (BillState.REFUNDED, BillState.VOID)
_HERB = "T"


def order_of_bill(bill: Bill, *, is_insured: bool, at: datetime) -> OrderFacts:
    """The lines of a bill of services as an order; medicines come as prescriptions, which know their days."""
    encounter = bill.encounter
    return replace(
        person_facts(encounter, at, key=bill.number),
        insurance_type=insurance_type_of(encounter) if is_insured else "",
        lines=tuple(_line(line) for line in bill.lines.all()),
        earlier=earlier_services(encounter, bill=bill),
    )


def person_facts(encounter: Encounter, at: datetime, *, key: str) -> OrderFacts:
    """An order without lines: who is treated where, when and how; what every kind of order begins with."""
    patient: Patient = encounter.patient
    return OrderFacts(
        key=key, encounter=encounter.number, at=at, on=day_of(at),
        mode=Mode.ONLINE if encounter.kind == EncounterKind.ONLINE_REVISIT else Mode.OUTPATIENT,
        institution_code=encounter.institution.code, institution_level=encounter.institution.level,
        region_code=encounter.institution.region_code, patient=patient.id_fingerprint, sex=patient.gender,
        age=patient.age_on(day_of(at)), prescriber=encounter.practitioner.insurance_code,
        diagnoses=diagnoses_of(encounter), here=here(encounter, at), elsewhere=elsewhere(encounter, at),
    )  # fmt: skip


def insurance_type_of(encounter: Encounter) -> str:
    """insutype as she states it; empty without a coverage."""
    return encounter.coverage.insurance_type if encounter.coverage else ""


def diagnoses_of(encounter: Encounter) -> tuple[DiagnosisFact, ...]:
    """The diagnoses of the record in the insurance's list, the main one first; none without a record."""
    return tuple(
        DiagnosisFact(code.insurance_code, code.insurance_name) for code in diagnosis_rows_of(encounter)
    )


def diagnosis_rows_of(encounter: Encounter) -> list[DiagnosisCode]:
    """The codes of the record, the main one first; none without a record."""
    record = getattr(encounter, "record", None)
    if record is None:
        return []
    return [row.code for row in record.diagnoses.select_related("code").order_by("number")]


def kind_of(national_code: str, *, is_service: bool) -> LineKind:
    """By the shape of the national code: herbs begin with T."""
    if is_service:
        return LineKind.SERVICE
    return LineKind.HERB if national_code.startswith(_HERB) else LineKind.DRUG


def _line(line: FeeDetail) -> OrderLine:
    is_service = line.bill.purpose != BillPurpose.DRUGS
    return OrderLine(
        number=line.number, code=line.item_code, national_code=line.insurance_code, name=line.name,
        name_en=line.name_en, kind=kind_of(line.insurance_code, is_service=is_service), quantity=line.quantity,
        amount=line.amount,
    )  # fmt: skip


def earlier_services(encounter: Encounter, *, bill: Bill) -> tuple[EarlierItem, ...]:
    """What was charged to her for services within a month, this bill left out."""
    rows = FeeDetail.objects.filter(
        bill__encounter__patient=encounter.patient_id,
        bill__encounter__service_on__range=(encounter.service_on - LOOKS_BACK, encounter.service_on),
    ).exclude(bill=bill).exclude(bill__purpose=BillPurpose.DRUGS).exclude(bill__state__in=_GONE)  # fmt: skip
    return tuple(
        EarlierItem(
            national_code=row.insurance_code, name=row.name, name_en=row.name_en,
            institution_code=row.bill.encounter.institution.code,
            institution_name=row.bill.encounter.institution.name,
            on=row.bill.encounter.service_on, quantity=row.quantity,
        )
        for row in rows.select_related("bill__encounter__institution")
    )  # fmt: skip


def here(encounter: Encounter, at: datetime) -> Presence | None:
    """The hospital, for a visit in person; online nobody knows where she is."""
    if encounter.kind == EncounterKind.ONLINE_REVISIT:
        return None
    hospital = encounter.institution
    return Presence(encounter.begun_at or at, hospital.region_code, hospital.name)


def elsewhere(encounter: Encounter, at: datetime) -> tuple[Presence, ...]:
    """Her other visits in person within a day, the latest first; nothing to ask for online."""
    if encounter.kind == EncounterKind.ONLINE_REVISIT:
        return ()
    others = Encounter.objects.filter(
        patient=encounter.patient_id, kind=EncounterKind.OUTPATIENT, begun_at__gt=at - _PRESENT, begun_at__lte=at
    ).exclude(pk=encounter.pk)  # fmt: skip
    rows = others.select_related("institution").order_by("-begun_at")
    return tuple(
        Presence(row.begun_at, row.institution.region_code, row.institution.name)
        for row in rows
        if row.begun_at
    )
