"""Ask again about every claim whose moment has come by the schedule."""

from datetime import datetime

from insurance.models import Claim
from insurance.rules.schedule import CALL_IS_OVER
from insurance.states import WITHOUT_SETTLEMENT, ClaimState
from kernel import jobs

AT_ONCE = 500

JOBS = {
    ClaimState.DRAFT: "insurance.presettle_claim",
    ClaimState.SETTLING: "insurance.settle_claim",
    ClaimState.UNCONFIRMED: "insurance.settle_claim",
    ClaimState.VOIDING: "insurance.void_settlement",
    ClaimState.REVERSING: "insurance.reverse_settlement",
    ClaimState.REVERSAL_UNCONFIRMED: "insurance.reverse_settlement",
    **dict.fromkeys(WITHOUT_SETTLEMENT, "insurance.tidy_up"),
}
"""What is asked about a claim in each state; in the others nothing is open."""


def sweep(*, at: datetime) -> int:
    """Enqueue the next question of each claim that is due, the longest due first; returns how many.

    A question is enqueued once: the row is set to be looked at again when a conversation would be over.
    """
    due = Claim.objects.filter(next_ask_at__lte=at).order_by("next_ask_at")
    rows = list(due.values_list("pk", "state", "asked_times")[:AT_ONCE])
    for claim_id, state, times in rows:
        if task := JOBS.get(ClaimState(state)):
            jobs.enqueue(task, claim_id=claim_id, times=times)
    seen = Claim.objects.filter(pk__in=[claim_id for claim_id, _state, _times in rows], next_ask_at__lte=at)
    seen.update(next_ask_at=at + CALL_IS_OVER)
    return len(rows)
