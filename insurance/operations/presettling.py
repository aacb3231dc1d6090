"""Ask the insurer what it would pay for a bill: 1101, 2201, 2203A, 2204, 2206A."""

from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from insurance.events import ClaimPresettled
from insurance.gateway import messages as m
from insurance.gateway.port import GatewayRefused, GatewayUnanswered
from insurance.models import Claim
from insurance.operations import claims
from insurance.operations.routes import route_of
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
            reply = route_of(claim).presettle(claim)
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
        "registration__authorization",
        "registration__encounter__patient",
        "registration__encounter__practitioner",
        "registration__encounter__department",
        "registration__encounter__institution",
        "registration__encounter__known_disease",
    ).get(pk=claim_id)


def note_question(claim_id: int) -> None:
    """Remember that, and when, the insurer was asked."""
    Claim.objects.filter(pk=claim_id).update(asked_times=F("asked_times") + 1, last_asked_at=clock.now())


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
