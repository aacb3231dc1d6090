"""Whether a bill is settled for a chronic or special disease (门诊慢特病) for which the insurer has filed her."""

from collections.abc import Iterable
from datetime import date

from billing.models import BillPurpose
from encounters.models import DiagnosisCode
from insurance.gateway import messages as m
from insurance.gateway.port import GatewayRefused, InsuranceGateway
from insurance.gateway.profile import profile_for
from insurance.models import Agreement, Claim, InsuredService, MobileOrder, Route, VisitRegistration
from insurance.operations.insurer import treatment_type_in
from insurance.operations.messages import exchange
from insurance.queries.eligibility import eligibility_of
from insurance.rules.chronic import Filing, filing_that_counts
from insurance.rules.payable import is_chronic
from kernel import clock


def treatment_type_of(registration: VisitRegistration, disease_code: str) -> str:
    """med_type as its province wants it: of a chronic disease when one is named, else of a visit through the Internet."""
    region = registration.encounter.institution.region_code
    return profile_for(region).chronic_treatment_type if disease_code else treatment_type_in(region)


def decide_disease(claim: Claim, codes: Iterable[DiagnosisCode], gateway: InsuranceGateway) -> None:
    """Find the filed disease that the claim is for, before anything of it is sent; afterwards it stays.

    Asked (5301) only where a diagnosis is one of those diseases, and agreement and pooling area let them be settled
    online. An insurer that refuses the question knows of no filing.

    Args:
        claim: its ``disease_code`` and ``disease_name`` are kept when there is one.
        codes: the diagnoses, the main one first.
        gateway: of the institution.

    Raises:
        GatewayUnanswered: not known; asked again later.
    """
    categories = [code.category for code in codes if is_chronic(code.category)]
    if not categories or claim.disease_code or _is_sent(claim) or not _may_be_settled(claim):
        return
    found = filing_that_counts(_filings(claim.registration, gateway), categories, on=_today())
    if found is not None:
        claim.disease_code, claim.disease_name = found.code, found.name
        claim.save(update_fields=["disease_code", "disease_name"])


def _is_sent(claim: Claim) -> bool:
    """Whether the insurer may hold its lines, for all of which one disease is said."""
    if claim.route == Route.MOBILE:
        return MobileOrder.objects.filter(claim=claim).exists()
    return claim.uploaded_at is not None or bool(claim.line_scopes)


def _may_be_settled(claim: Claim) -> bool:
    """Agreement and pooling area allow it; one statement where no agreement of the hospital speaks of it."""
    encounter, service = claim.registration.encounter, InsuredService.CHRONIC_REVISIT
    named = Agreement.objects.filter(institution=encounter.institution, services__contains=[service])
    if not named.exists():
        return False
    is_prescribed = claim.bill.purpose == BillPurpose.DRUGS
    return eligibility_of(
        encounter=encounter, service=service, on=_today(), has_prescription=is_prescribed
    ).is_payable


def _filings(registration: VisitRegistration, gateway: InsuranceGateway) -> list[Filing]:
    request = m.QueryFilings(
        insured_region=registration.insured_region, person_number=registration.person_number
    )
    try:
        reply = exchange(
            "5301",
            lambda msgid: gateway.query_filings(msgid, request),
            registration=registration,
            repeatable=True,
        )
    except GatewayRefused:
        return []
    return [Filing(row.disease_code, row.disease_name, row.begins_on, row.ends_on) for row in reply.filings]


def _today() -> date:
    return clock.day_of(clock.now())
