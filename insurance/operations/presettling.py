"""Ask the insurer what it would pay for a bill."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from insurance.events import ClaimPresettled
from insurance.gateway import messages as m
from insurance.gateway.port import GatewayRefused, GatewayUnanswered, ReplyDisputed
from insurance.models import Claim
from insurance.operations import claims, returning
from insurance.operations.recording import Record, take_amounts
from insurance.operations.routes import route_of
from insurance.operations.turns import SPOKEN_OF_AT_FIRST, conversation
from insurance.rules.schedule import ESTIMATE
from insurance.states import ClaimEvent, ClaimState
from kernel import clock, events

logger = logging.getLogger(__name__)

DRAFT = (ClaimState.DRAFT,)


def presettle_claim(*, claim_id: int, times: int | None = None) -> None:
    """Carry a draft claim to what the insurer would pay; calls out, may be repeated.

    Silence leaves the claim a draft, and it is asked again; no money hangs on it. See ``conversation`` for ``times``.
    """
    task = "insurance.presettle_claim"
    with conversation(claim_id, states=DRAFT, task=task, times=times, about=SPOKEN_OF_AT_FIRST) as claim:
        if claim is None:
            return
        try:
            _ask(claim)
        except Exception as fault:
            logger.exception("an estimate of claim %s cannot be recorded", claim_id)
            _ask_later(claim_id, person_reason=claims.not_recorded(fault), at=clock.now())


def _ask(claim: Claim) -> None:
    try:
        reply = route_of(claim).presettle(claim)
    except GatewayRefused as refusal:
        _decline(claim.pk, refusal.reason, at=clock.now())
    except ReplyDisputed as disputed:
        _ask_later(claim.pk, person_reason=disputed.reason, at=clock.now())
    except GatewayUnanswered:
        _ask_later(claim.pk, person_reason="", at=clock.now())
    else:
        _record(claim.pk, reply, at=clock.now())


@transaction.atomic
def _decline(claim_id: int, refusal: str, *, at: datetime) -> None:
    """The insurer will not pay; a claim given up meanwhile stays given up."""
    claim = claims.locked(claim_id)
    if claim.state in DRAFT:
        claims.decline(claim, refusal=refusal, at=at)
        returning.go_on(claim, at=at)


@transaction.atomic
def _ask_later(claim_id: int, *, person_reason: str, at: datetime) -> None:
    """By the schedule of estimates; when that is over the claim stays as it is, and she may pay all herself."""
    claim = claims.locked(claim_id)
    if claim.state not in DRAFT:
        return
    claim.next_ask_at = ESTIMATE.next_ask(
        since=claim.opened_at, asked_at=at, faster=settings.INSURANCE_ASK_AGAIN_FASTER
    )
    if claim.next_ask_at is None and claim.replaces_id:
        # Lines were given back and what stays hangs between two claims: nobody is looking at a page.
        person_reason = person_reason or claims.TOO_LONG
    if person_reason:
        claim.needs_person_since = claim.needs_person_since or at
        claim.person_reason = person_reason[:300]
    claim.save(update_fields=["next_ask_at", "needs_person_since", "person_reason"])


@transaction.atomic
def _record(claim_id: int, reply: m.SettlementReply, *, at: datetime) -> None:
    """Keep what the insurer would pay; a claim given up meanwhile stays given up."""
    claim = claims.locked(claim_id)
    if claim.state not in DRAFT:
        return
    if reply.hospital_part_amount:
        # ASSUMPTION: no outpatient settlement of this product leaves a part to the hospital; when a
        # province does, the bill needs a fourth payer, and until then she pays all herself.
        refusal = _("The insurer leaves a part to the hospital, which is not agreed.")
        claims.decline(claim, refusal=refusal, at=at)
        returning.go_on(claim, at=at)
        return
    take_amounts(claim, Record.of(reply))
    claims.move(claim, ClaimEvent.PRESETTLE, by=None, at=at)
    events.publish(ClaimPresettled(claim.pk))
    returning.go_on(claim, at=at)
