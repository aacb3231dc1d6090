"""Settle (2207A), undo (2601) and take back (2208): each exactly once, however often it is asked."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from insurance.events import ClaimUnconfirmed
from insurance.models import Claim
from insurance.operations import claims, recording, returning
from insurance.operations.conversing import (
    Ask,
    Ending,
    Send,
    converse,
    is_late,
    settles,
    takes_back,
    what_is_reversed,
    what_is_settled,
)
from insurance.operations.recording import Record
from insurance.operations.routes import route_of
from insurance.operations.turns import conversation
from insurance.operations.undoing import may_undo
from insurance.rules.conclusions import RULES, WAITING, Talk, events_after
from insurance.rules.outcomes import Heard, Step
from insurance.states import ClaimEvent
from kernel import clock, events

logger = logging.getLogger(__name__)

DISAGREES = gettext_noop("What the insurer holds does not agree with what we know.")

_TASKS = {
    Talk.SETTLING: "insurance.settle_claim",
    Talk.VOIDING: "insurance.void_settlement",
    Talk.REVERSING: "insurance.reverse_settlement",
}


def settle_claim(*, claim_id: int, times: int | None = None) -> None:
    """Settle under the number that was written when it was decided; calls out, may be repeated.

    After silence or a killed worker the insurer is first asked what it holds, and then sent the same message under
    the same number. See ``conversation`` for ``times``.
    """
    _talk(Talk.SETTLING, claim_id, times)


def void_settlement(*, claim_id: int, times: int | None = None) -> None:
    """Undo the settling message, whatever became of it; calls out, may be repeated."""
    _talk(Talk.VOIDING, claim_id, times)


def reverse_settlement(*, claim_id: int, times: int | None = None) -> None:
    """Take the settlement back under the number that was written when it was decided; calls out, may be repeated.

    A refusal leaves the settlement in force there: a person is told, and it is asked again.
    """
    _talk(Talk.REVERSING, claim_id, times)


def _talk(talk: Talk, claim_id: int, times: int | None) -> None:
    with conversation(claim_id, states=WAITING[talk], task=_TASKS[talk], times=times) as claim:
        if claim is None:
            return
        try:
            send, ask = _verbs(talk, claim)
            check = takes_back(claim) if talk is Talk.REVERSING else settles(claim)
            ending = converse(RULES[talk], _heard(claim, clock.now()), send=send, ask=ask, check=check)
            _conclude(claim, talk, ending, at=clock.now())
        except Exception as fault:
            # Whatever it is, it would come again at every question; a person must know that the outcome is unknown.
            logger.exception("an answer about claim %s cannot be recorded", claim.pk)
            _break_off(talk, claim.pk, fault, at=clock.now())


def _break_off(talk: Talk, claim_id: int, fault: Exception, *, at: datetime) -> None:
    """Nothing of the answer is kept: the outcome is unknown, and a person is called in a transaction of its own.

    Those who follow the claim are told afterwards: the fault may be theirs.
    """
    with transaction.atomic():
        claim = claims.locked(claim_id)
        if claim.state not in WAITING[talk]:
            return
        claims.keep_unknown(claim, at=at, person_reason=claims.not_recorded(fault))
    try:
        with transaction.atomic():
            events.publish(ClaimUnconfirmed(claim_id))
    except Exception:
        logger.exception("who follows claim %s cannot be told", claim_id)


def _verbs(talk: Talk, claim: Claim) -> tuple[Send, Ask]:
    """The message that moves money, and the question what the insurer holds of it."""
    route = route_of(claim)
    if talk is Talk.REVERSING:
        return (lambda: route.reverse(claim)), (lambda: what_is_reversed(route, claim))
    if talk is Talk.VOIDING:
        return (lambda: route.void(claim)), (lambda: what_is_settled(route, claim))
    return (lambda: route.settle(claim)), (lambda: what_is_settled(route, claim))


def _heard(claim: Claim, at: datetime) -> Heard:
    """What is known before anything is said."""
    return Heard(
        sent_before=claim.asked_times > 0, is_late=is_late(claim, at=at), may_undo=may_undo(claim, at=at)
    )


@transaction.atomic
def _conclude(asked: Claim, talk: Talk, ending: Ending, *, at: datetime) -> None:
    """``asked`` is the claim as it stood when the conversation began."""
    claim = claims.locked(asked.pk)
    claim.registration = asked.registration  # nobody else has changed it: this is our turn
    asked_since = claim.asked_times != asked.asked_times + 1
    for event in events_after(talk, ending.step, claim.state, asked_since=asked_since):
        _carry_out(event, claim, ending, at=at)
        returning.go_on(claim, at=at)


def _carry_out(event: ClaimEvent, claim: Claim, ending: Ending, *, at: datetime) -> None:
    record = Record.of(ending.record) if ending.record is not None else None
    if event is ClaimEvent.SETTLE and record:
        recording.record_settlement(claim, record, at=at)
    elif event is ClaimEvent.CONFIRM_REVERSAL and record:
        recording.record_reversal(claim, record, at=at)
    elif event is ClaimEvent.CONFIRM_VOID:
        recording.record_void(claim, at=at)
    elif event is ClaimEvent.DECLINE:
        claims.decline(claim, refusal=ending.reason, at=at)
    elif event is ClaimEvent.VOID:
        claims.void_claim(claim_id=claim.pk, reason=ending.reason, by=None, at=at)
    else:
        needs_person = ending.step in (Step.CALL_PERSON, Step.RENEW)
        reason = (ending.reason or DISAGREES) if needs_person else ""
        claims.lose_answer(claim, at=at, person_reason=reason, renew=ending.step is Step.RENEW)
