"""门诊慢特病: a bill for a disease that the insurer has acknowledged is settled as such, and no other bill is."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from billing.models import Bill, BillPurpose
from billing.operations import open_bill
from insurance.models import Claim, GatewayMessage, InsuredService
from insurance.operations import open_claim, submit_claim
from insurance.states import ClaimState
from kernel import clock
from pricing.queries import quote_for
from pricing.rules import ServiceLine
from tests.factories.accounts import StaffFactory
from tests.factories.insurance import supplement_of
from tests.verification.simulators import Simulators

PRESSURE = "M03900"


@pytest.fixture
def medicines(bill: Bill) -> Bill:
    """A second bill of the visit, of 10.00 yuan, in scope as a whole."""
    encounter = bill.encounter
    agreement = supplement_of(encounter.institution)
    agreement.services = [*agreement.services, InsuredService.CHRONIC_REVISIT]
    agreement.save()
    quote = quote_for(
        lines=[ServiceLine("medicine", bill.lines.get().item_code, Decimal(1))],
        institution=encounter.institution,
        service_on=encounter.service_on,
    )
    return open_bill(
        encounter_id=encounter.pk, purpose=BillPurpose.DRUGS, quote=quote, by=None, at=clock.now()
    )


def presettled(bill: Bill, user: User, work: Callable[[], None]) -> Claim:
    """The claim when the insurer has said what it would pay."""
    claim = open_claim(bill_id=bill.pk, by=user, at=clock.now())
    work()
    claim.refresh_from_db()
    assert claim.state == ClaimState.PRESETTLED, claim.refusal
    return claim


def filed(simulators: Simulators, bill: Bill, **more: str) -> None:
    """The insurer has acknowledged her high blood pressure."""
    simulators.control(
        "insurer", "chronic", id_number=bill.encounter.patient.id_number, dise_codg=PRESSURE,
        dise_name="高血压", **more,
    )  # fmt: skip


def said(code: str, claim: Claim) -> list[str]:
    """What was sent, oldest first."""
    sent = GatewayMessage.objects.filter(transaction_code=code, registration=claim.registration)
    return [message.request_text for message in sent]


def test_medicines_of_a_filed_disease_are_settled_as_such_and_the_fee_of_the_visit_is_not(
    bill: Bill, medicines: Bill, user: User, simulators: Simulators, work: Callable[[], None], client: Client
) -> None:
    filed(simulators, bill)
    fee = presettled(bill, user, work)
    drugs = presettled(medicines, user, work)

    # The demonstration's area: 70 % for the retired, 80 % for a filed disease.
    assert (fee.disease_code, fee.fund_amount) == ("", Decimal("7.00"))
    assert (drugs.disease_code, drugs.disease_name, drugs.fund_amount) == (
        PRESSURE,
        "高血压",
        Decimal("8.00"),
    )
    assert '"med_type":"14"' in said("2203A", drugs)[-1].replace(" ", "")
    assert f'"dise_codg":"{PRESSURE}"' in said("2204", drugs)[-1].replace(" ", "")

    # The fee is settled after the visit was reported as the other kind, and the medicines after that.
    for claim in (fee, drugs):
        submit_claim(claim_id=claim.pk, by=user, at=clock.now())
        work()
        claim.refresh_from_db()
        assert claim.state == ClaimState.SETTLED, claim.refusal
    client.force_login(StaffFactory(role=Role.INSURANCE_OFFICE))
    shown = client.get(reverse("insurance:claim", args=[drugs.batch_number])).content.decode()
    assert f'高血压 <span class="num muted">{PRESSURE}</span>' in shown


@pytest.mark.parametrize(
    "why", ["never filed", "ended yesterday", "question refused", "not in the agreement"]
)
def test_without_a_filing_that_counts_it_is_an_ordinary_visit(
    why: str, bill: Bill, medicines: Bill, user: User, simulators: Simulators, work: Callable[[], None]
) -> None:
    yesterday = (clock.day_of(clock.now()) - timedelta(days=1)).isoformat()
    if why == "ended yesterday":
        filed(simulators, bill, ends_on=yesterday)
    elif why == "question refused":
        filed(simulators, bill)
        simulators.control("insurer", "faults", infno="5301", kind="business_error", count=1)
    elif why == "not in the agreement":
        filed(simulators, bill)
        agreement = supplement_of(bill.encounter.institution)
        agreement.services = [InsuredService.ONLINE_REVISIT, InsuredService.REVISIT_DRUGS]
        agreement.save()

    drugs = presettled(medicines, user, work)
    assert (drugs.disease_code, drugs.fund_amount) == ("", Decimal("7.00"))
    assert len(said("5301", drugs)) == (0 if why == "not in the agreement" else 1)


def test_while_the_filings_are_not_known_nothing_is_uploaded(
    bill: Bill, medicines: Bill, user: User, simulators: Simulators, work: Callable[[], None]
) -> None:
    filed(simulators, bill)
    simulators.control("insurer", "faults", infno="5301", kind="http_502", count=1)
    claim = open_claim(bill_id=medicines.pk, by=user, at=clock.now())
    work()
    claim.refresh_from_db()
    assert claim.state == ClaimState.DRAFT
    assert said("2204", claim) == []
