"""Ask the insurer what it would pay for a bill: 1101, 2201, 2203A, 2204, 2206A."""

from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from billing.models import FeeDetail
from insurance.events import ClaimPresettled
from insurance.gateway import messages as m
from insurance.gateway.port import GatewayRefused, GatewayUnanswered, InsuranceGateway
from insurance.models import Claim
from insurance.operations import claims, visits
from insurance.operations.insurer import insurer_of
from insurance.operations.messages import exchange
from insurance.operations.turns import turn, wait_for_turn
from insurance.states import CLAIM, ClaimEvent, ClaimState
from kernel import clock, events


def presettle_claim(*, claim_id: int) -> None:
    """Carry a draft claim to what the insurer would pay; calls out, may be repeated.

    Silence leaves the claim a draft, and the sweeper asks again.
    """
    claim = claim_with_all(claim_id)
    if claim.state != ClaimState.DRAFT:
        return
    with turn(claim.registration_id) as mine:
        if not mine:
            wait_for_turn("insurance.presettle_claim", claim_id)
            return
        note_question(claim_id)
        try:
            reply = _ask(claim, insurer_of(claim.registration.encounter.institution))
        except GatewayRefused as refusal:
            claims.decline_claim(claim_id=claim_id, refusal=refusal.reason, at=clock.now())
        except GatewayUnanswered:
            return
        else:
            _record(claim_id, reply)


def claim_with_all(claim_id: int) -> Claim:
    """The claim with everything that messages speak of."""
    return Claim.objects.select_related(
        "bill",
        "registration__coverage",
        "registration__encounter__patient",
        "registration__encounter__practitioner",
        "registration__encounter__department",
        "registration__encounter__institution",
        "registration__encounter__known_disease",
    ).get(pk=claim_id)


def note_question(claim_id: int) -> None:
    """Remember that, and when, the insurer was asked."""
    Claim.objects.filter(pk=claim_id).update(asked_times=F("asked_times") + 1, last_asked_at=clock.now())


def _ask(claim: Claim, gateway: InsuranceGateway) -> m.SettlementReply:
    """The whole conversation up to 2206A."""
    registration = claim.registration
    visits.ensure_registered(registration, gateway)
    visits.report_diagnoses(registration, gateway)
    if claim.uploaded_at is None:
        _upload(claim, gateway)
    return exchange(
        "2206A",
        lambda msgid: gateway.presettle(msgid, settlement_terms(claim)),
        registration=registration,
        claim=claim,
        repeatable=True,
    )


def settlement_terms(claim: Claim) -> m.Presettle:
    """2206A, and what 2207A says alike."""
    registration = claim.registration
    return m.Presettle(
        insured_region=registration.insured_region,
        person_number=registration.person_number,
        certificate_type=m.ID_NUMBER,
        certificate_number=registration.encounter.patient.id_number,
        treatment_type=settings.INSURANCE_TREATMENT_TYPE,
        total_amount=claim.bill.total_amount,
        visit_number=registration.visit_number,
        batch_number=claim.batch_number,
        use_account=True,
        insurance_type=registration.insurance_type,
    )


def _upload(claim: Claim, gateway: InsuranceGateway) -> None:
    """2204: all lines, and how each divides."""
    lines = {line_reference(claim, line): line for line in claim.bill.lines.all()}
    request = m.UploadFees(
        insured_region=claim.registration.insured_region,
        lines=tuple(_fee_line(claim, reference, line) for reference, line in lines.items()),
    )
    reply = exchange(
        "2204",
        lambda msgid: gateway.upload_fees(msgid, request),
        registration=claim.registration,
        claim=claim,
    )
    totals = reply.totals
    claim.full_own_pay_amount = totals.full_own_pay_amount
    claim.over_limit_amount = totals.over_limit_amount
    claim.first_self_pay_amount = totals.first_self_pay_amount
    claim.in_scope_amount = totals.in_scope_amount
    claim.line_scopes = {str(lines[row.line_number].number): str(row.in_scope_amount) for row in reply.lines}
    claim.uploaded_at = clock.now()
    claim.save(
        update_fields=[
            "full_own_pay_amount", "over_limit_amount", "first_self_pay_amount", "in_scope_amount",
            "line_scopes", "uploaded_at",
        ]
    )  # fmt: skip


def line_reference(claim: Claim, line: FeeDetail) -> str:
    """feedetl_sn: unique within the visit, since batches are."""
    return f"{claim.batch_number}{line.number:02d}"


def _fee_line(claim: Claim, reference: str, line: FeeDetail) -> m.FeeLine:
    """One line in our words."""
    registration = claim.registration
    doctor, department = registration.encounter.practitioner, registration.encounter.department
    return m.FeeLine(
        line_number=reference,
        visit_number=registration.visit_number,
        person_number=registration.person_number,
        batch_number=claim.batch_number,
        charged_at=claim.bill.opened_at,
        catalogue_code=line.insurance_code or line.item_code,
        hospital_code=line.item_code,
        amount=line.amount,
        quantity=line.quantity,
        unit_price=line.unit_price,
        department_code=department.code,
        department_name=department.name,
        doctor_code=doctor.insurance_code,
        doctor_name=doctor.name,
    )


@transaction.atomic
def _record(claim_id: int, reply: m.SettlementReply) -> None:
    """Keep what the insurer would pay; a claim given up meanwhile stays given up."""
    claim = Claim.objects.select_for_update().get(pk=claim_id)
    if not CLAIM.allows(claim.state, ClaimEvent.PRESETTLE):
        return
    if reply.hospital_part_amount:
        # ASSUMPTION: no outpatient settlement of this product leaves a part to the hospital; when a
        # province does, the bill needs a fourth payer, and until then she pays all herself.
        refusal = _("The insurer leaves a part to the hospital, which is not agreed.")
        claims.decline_claim(claim_id=claim_id, refusal=refusal, at=clock.now())
        return
    take_amounts(claim, reply)
    claims.move(claim, ClaimEvent.PRESETTLE, by=None, at=clock.now())
    events.publish(ClaimPresettled(claim.pk))


def take_amounts(claim: Claim, reply: m.SettlementReply) -> None:
    """The three payers, in yuan; family mutual aid is account money. The caller saves."""
    claim.fund_amount = reply.fund_amount
    claim.cash_amount = reply.cash_amount
    claim.account_amount = Decimal(reply.total_amount - reply.fund_amount - reply.cash_amount)
