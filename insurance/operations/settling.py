"""Settle (2207A) and take back (2208): each message exactly once, however often it is sent."""

from dataclasses import asdict

from django.db import transaction

from insurance.events import ClaimReversed, ClaimSettled
from insurance.gateway import messages as m
from insurance.gateway.port import (
    Exchange,
    GatewayRefused,
    GatewayUnanswered,
    InsuranceGateway,
    MessageAlreadyReceived,
)
from insurance.models import Claim, GatewayMessage, Settlement
from insurance.operations import claims
from insurance.operations.insurer import insurer_of
from insurance.operations.messages import exchange
from insurance.operations.presettling import claim_with_all, note_question, take_amounts
from insurance.operations.routes import terms as settlement_terms
from insurance.operations.turns import turn, wait_for_turn
from insurance.states import CLAIM, ClaimEvent, ClaimState
from kernel import clock, events
from kernel.money import ZERO

_SETTLING = (ClaimState.SETTLING, ClaimState.UNCONFIRMED)
_REVERSING = (ClaimState.REVERSING, ClaimState.REVERSAL_UNCONFIRMED)


def settle_claim(*, claim_id: int) -> None:
    """Send the settlement under the number that was written when it was decided; calls out.

    Sent again under the same number after silence or a killed worker, the insurer gives the answer it
    gave before. A refusal is final: nothing happened there.
    """
    claim = claim_with_all(claim_id)
    if claim.state not in _SETTLING:
        return
    with turn(claim.registration_id) as mine:
        if not mine:
            wait_for_turn("insurance.settle_claim", claim_id)
            return
        note_question(claim_id)
        try:
            reply = _answer(claim, "2207A", claim.settle_msgid or "", _settle(claim))
        except GatewayRefused as refusal:
            claims.decline_claim(claim_id=claim_id, refusal=refusal.reason, at=clock.now())
        except GatewayUnanswered:
            claims.lose_answer(claim_id=claim_id, at=clock.now())
        else:
            _record_settlement(claim_id, reply)


def reverse_settlement(*, claim_id: int) -> None:
    """Take the settlement back under the number that was written when it was decided; calls out.

    A refusal leaves the outcome open: the settlement is in force there, and a person must look.
    """
    claim = claim_with_all(claim_id)
    if claim.state not in _REVERSING:
        return
    with turn(claim.registration_id) as mine:
        if not mine:
            wait_for_turn("insurance.reverse_settlement", claim_id)
            return
        note_question(claim_id)
        try:
            reply = _answer(claim, "2208", claim.reverse_msgid or "", _cancel(claim))
        except (GatewayRefused, GatewayUnanswered):
            claims.lose_answer(claim_id=claim_id, at=clock.now())
        else:
            _record_reversal(claim_id, reply)


def _settle(claim: Claim) -> m.Settle:
    """2207A: the terms of 2206A and the sums of 2204."""
    return m.Settle(
        **asdict(settlement_terms(claim)),
        full_own_pay_amount=claim.full_own_pay_amount or ZERO,
        over_limit_amount=claim.over_limit_amount or ZERO,
        first_self_pay_amount=claim.first_self_pay_amount or ZERO,
        in_scope_amount=claim.in_scope_amount or ZERO,
    )


def _cancel(claim: Claim) -> m.CancelSettlement:
    """2208 of the one settlement of the claim."""
    settlement = claim.settlements.get(reverses__isnull=True)
    return m.CancelSettlement(
        insured_region=claim.registration.insured_region,
        settlement_number=settlement.number,
        visit_number=claim.registration.visit_number,
        person_number=claim.registration.person_number,
    )


def _answer(claim: Claim, code: str, msgid: str, request: m.Settle | m.CancelSettlement) -> m.SettlementReply:
    """The insurer's answer to the message, by asking what it holds when it does not repeat itself.

    A message that was sent before may have been carried out then: a refusal counts only when the insurer
    holds nothing of it.
    """
    gateway = insurer_of(claim.registration.encounter.institution)

    def call(number: str) -> Exchange[m.SettlementReply]:
        if isinstance(request, m.Settle):
            return gateway.settle(number, request)
        return gateway.cancel_settlement(number, request)

    try:
        return exchange(code, call, registration=claim.registration, claim=claim, msgid=msgid)
    except MessageAlreadyReceived as repeated:
        held = _held(claim, gateway, msgid)
        if held is None:
            raise GatewayUnanswered(
                "the insurer has had the message and holds no settlement of it"
            ) from repeated
    except GatewayRefused:
        held = _held(claim, gateway, msgid) if _was_sent_before(msgid) else None
        if held is None:
            raise
    return held


def _was_sent_before(msgid: str) -> bool:
    """Whether the refused sending was not the first one of this number."""
    return GatewayMessage.objects.filter(msgid=msgid, attempts__gt=1).exists()


def _held(claim: Claim, gateway: InsuranceGateway, msgid: str) -> m.SettlementReply | None:
    """5203: the record that the insurer made of our message; None when it holds none that bears our number.

    Raises:
        GatewayUnanswered: it does not say what it holds, so nothing is known yet.
    """
    request = m.QuerySettlement(
        insured_region=claim.registration.insured_region,
        person_number=claim.registration.person_number,
        visit_number=claim.registration.visit_number,
    )
    try:
        answer = exchange(
            "5203",
            lambda number: gateway.query_settlement(number, request),
            registration=claim.registration,
            claim=claim,
            repeatable=True,
        )
    except GatewayRefused as refusal:
        raise GatewayUnanswered(refusal.reason) from refusal
    return answer.made_by(msgid)


@transaction.atomic
def _record_settlement(claim_id: int, reply: m.SettlementReply) -> None:
    """One settlement here for the one there; what is recorded already is not recorded again."""
    claim = Claim.objects.select_for_update().get(pk=claim_id)
    if not CLAIM.allows(claim.state, ClaimEvent.SETTLE):
        return
    take_amounts(claim, reply)
    _row(claim, reply, msgid=claim.settle_msgid or "", reverses=None)
    claims.move(claim, ClaimEvent.SETTLE, by=None, at=clock.now())
    events.publish(ClaimSettled(claim.pk))


@transaction.atomic
def _record_reversal(claim_id: int, reply: m.SettlementReply) -> None:
    """The negative record of its own number."""
    claim = Claim.objects.select_for_update().get(pk=claim_id)
    if not CLAIM.allows(claim.state, ClaimEvent.CONFIRM_REVERSAL):
        return
    settlement = claim.settlements.get(reverses__isnull=True)
    _row(claim, reply, msgid=claim.reverse_msgid or "", reverses=settlement)
    claims.move(claim, ClaimEvent.CONFIRM_REVERSAL, by=None, at=clock.now())
    events.publish(ClaimReversed(claim.pk))


def _row(claim: Claim, reply: m.SettlementReply, *, msgid: str, reverses: Settlement | None) -> Settlement:
    """The insurer's record as it said it."""
    now = clock.now()
    return Settlement.objects.create(
        claim=claim,
        number=reply.settlement_number or "",
        msgid=msgid,
        reverses=reverses,
        institution=claim.registration.encounter.institution,
        insurance_type=claim.registration.insurance_type,
        clearing_type=reply.clearing_type or "",
        clearing_way=reply.clearing_way or "",
        clearing_agency=reply.clearing_office or "",
        insured_region=claim.registration.insured_region,
        total_amount=reply.total_amount,
        fund_amount=reply.fund_amount,
        account_amount=reply.total_amount - reply.fund_amount - reply.cash_amount,
        cash_amount=reply.cash_amount,
        mutual_aid_amount=reply.mutual_aid_amount,
        account_balance=reply.account_balance,
        settled_at=reply.settled_at or now,
        recorded_at=now,
    )
