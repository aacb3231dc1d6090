"""What the visit is for, as the insurer is told (2203A)."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from encounters.models import DiagnosisCode, Encounter
from insurance.gateway import messages as m
from insurance.gateway.port import GatewayRefused, InsuranceGateway
from insurance.models import Claim
from insurance.operations.chronic import treatment_type_of
from insurance.operations.messages import exchange
from kernel import clock


def report_diagnoses(claim: Claim, codes: Sequence[DiagnosisCode], gateway: InsuranceGateway) -> None:
    """2203A with the diagnoses as they stand, and what kind of visit the claim is to be settled as.

    Args:
        claim: whose ``disease_code`` is decided.
        codes: as ``diagnoses_of`` gives them.
        gateway: of the institution.

    Raises:
        GatewayRefused: the insurer does not take them.
        GatewayUnanswered: not known; a later report replaces an earlier one.
    """
    registration, encounter = claim.registration, claim.registration.encounter
    request = m.ReportVisit(
        insured_region=registration.insured_region,
        visit_number=registration.visit_number,
        person_number=registration.person_number,
        treatment_type=treatment_type_of(registration, claim.disease_code),
        began_at=encounter.opened_at,
        condition=encounter.complaint or None,
        disease_code=claim.disease_code or None,
        disease_name=claim.disease_name or None,
        diagnoses=tuple(_rows(encounter, codes, clock.now())),
    )
    exchange(
        "2203A",
        lambda msgid: gateway.report_visit(msgid, request),
        registration=registration,
        repeatable=True,
    )
    registration.reported_at, registration.reported_disease = clock.now(), claim.disease_code
    registration.save(update_fields=["reported_at", "reported_disease"])


def _rows(encounter: Encounter, codes: Sequence[DiagnosisCode], at: datetime) -> list[m.DiagnosisRow]:
    """The diagnoses in order, the main one first."""
    return [
        m.DiagnosisRow(
            order=number,
            code=code.insurance_code,
            name=code.insurance_name,
            department_name=encounter.department.name,
            doctor_code=encounter.practitioner.insurance_code,
            doctor_name=encounter.practitioner.name,
            diagnosed_at=at,
        )
        for number, code in enumerate(codes, start=1)
    ]


def diagnoses_of(encounter: Encounter) -> list[DiagnosisCode]:
    """The doctor's diagnoses when there are any, else the disease named at booking, which she was proved to have.

    Raises:
        GatewayRefused: there is none; the insurer would not take the visit.
    """
    record = getattr(encounter, "record", None)
    codes = [diagnosis.code for diagnosis in record.diagnoses.select_related("code")] if record else []
    if not codes and encounter.known_disease:
        codes = [encounter.known_disease]
    if not codes:
        raise GatewayRefused(_("The insurer needs a diagnosis, and none is stated."))
    return codes
