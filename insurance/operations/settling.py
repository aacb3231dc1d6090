"""Settle (2207A), undo (2601) and take back (2208): each exactly once, however often it is asked."""

from datetime import datetime

from django.utils.translation import gettext_noop

from insurance.models import Claim
from insurance.operations import claims, recording
from insurance.operations.conversing import Ending, converse, is_late, what_is_reversed, what_is_settled
from insurance.operations.recording import Record
from insurance.operations.routes import route_of
from insurance.operations.turns import conversation
from insurance.operations.undoing import may_undo
from insurance.rules import outcomes
from insurance.rules.outcomes import Heard, Step
from insurance.states import ClaimState
from kernel import clock

SETTLING = (ClaimState.SETTLING, ClaimState.UNCONFIRMED)
VOIDING = (ClaimState.VOIDING,)
REVERSING = (ClaimState.REVERSING, ClaimState.REVERSAL_UNCONFIRMED)
DISAGREES = gettext_noop("What the insurer holds does not agree with what we know.")


def settle_claim(*, claim_id: int, times: int | None = None) -> None:
    """Settle under the number that was written when it was decided; calls out, may be repeated.

    After silence or a killed worker the insurer is first asked what it holds, and then sent the same message under
    the same number. See ``conversation`` for ``times``.
    """
    with conversation(claim_id, states=SETTLING, task="insurance.settle_claim", times=times) as claim:
        if claim is None:
            return
        route, now = route_of(claim), clock.now()
        ending = converse(
            outcomes.settling,
            _heard(claim, now),
            send=lambda: route.settle(claim),
            ask=lambda: what_is_settled(route, claim),
        )
        _conclude_settling(claim, ending, at=clock.now())


def void_settlement(*, claim_id: int, times: int | None = None) -> None:
    """Undo the settling message, whatever became of it; calls out, may be repeated."""
    with conversation(claim_id, states=VOIDING, task="insurance.void_settlement", times=times) as claim:
        if claim is None:
            return
        route, now = route_of(claim), clock.now()
        ending = converse(
            outcomes.voiding,
            _heard(claim, now),
            send=lambda: route.void(claim),
            ask=lambda: what_is_settled(route, claim),
        )
        _conclude_voiding(claim.pk, ending, at=clock.now())


def reverse_settlement(*, claim_id: int, times: int | None = None) -> None:
    """Take the settlement back under the number that was written when it was decided; calls out, may be repeated.

    A refusal leaves the settlement in force there: a person is told, and it is asked again.
    """
    with conversation(claim_id, states=REVERSING, task="insurance.reverse_settlement", times=times) as claim:
        if claim is None:
            return
        route, now = route_of(claim), clock.now()
        ending = converse(
            outcomes.reversing,
            _heard(claim, now),
            send=lambda: route.reverse(claim),
            ask=lambda: what_is_reversed(route, claim),
        )
        _conclude_reversing(claim.pk, ending, at=clock.now())


def _heard(claim: Claim, at: datetime) -> Heard:
    """What is known before anything is said."""
    return Heard(
        sent_before=claim.asked_times > 0, is_late=is_late(claim, at=at), may_undo=may_undo(claim, at=at)
    )


def _conclude_settling(claim: Claim, ending: Ending, *, at: datetime) -> None:
    claim_id = claim.pk
    if ending.step is Step.RECORD and ending.record is not None:
        recording.record_settlement(
            claim_id=claim_id, record=Record.of(ending.record), at=at, expected=SETTLING
        )
    elif ending.step is Step.GIVE_UP:
        claims.decline_claim(
            claim_id=claim_id, refusal=ending.reason, at=at, expected=SETTLING, times=claim.asked_times + 1
        )
    else:
        _not_known(claim_id, ending, at=at, expected=SETTLING)
        if ending.step is Step.UNDO:
            claims.void_claim(claim_id=claim_id, reason=ending.reason, by=None, at=at)


def _conclude_voiding(claim_id: int, ending: Ending, *, at: datetime) -> None:
    if ending.step is Step.RECORD:
        recording.record_void(claim_id=claim_id, at=at)
    elif ending.step is Step.STAND and ending.record is not None:
        recording.record_settlement(
            claim_id=claim_id, record=Record.of(ending.record), at=at, expected=VOIDING
        )
    else:
        _not_known(claim_id, ending, at=at, expected=VOIDING)


def _conclude_reversing(claim_id: int, ending: Ending, *, at: datetime) -> None:
    if ending.step is Step.RECORD and ending.record is not None:
        recording.record_reversal(claim_id=claim_id, record=Record.of(ending.record), at=at)
    else:
        _not_known(claim_id, ending, at=at, expected=REVERSING)


def _not_known(claim_id: int, ending: Ending, *, at: datetime, expected: tuple[ClaimState, ...]) -> None:
    needs_person = ending.step in (Step.CALL_PERSON, Step.RENEW)
    claims.lose_answer(
        claim_id=claim_id,
        at=at,
        expected=expected,
        person_reason=(ending.reason or DISAGREES) if needs_person else "",
        renew=ending.step is Step.RENEW,
    )
