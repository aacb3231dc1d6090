"""Ask again about every claim whose next word the insurer owes us."""

from datetime import datetime, timedelta

from django.db.models import Q

from insurance.models import Claim
from insurance.states import ClaimState
from kernel import jobs

PAUSE = timedelta(seconds=15)

_JOBS = {
    ClaimState.DRAFT: "insurance.presettle_claim",
    ClaimState.SETTLING: "insurance.settle_claim",
    ClaimState.UNCONFIRMED: "insurance.settle_claim",
    ClaimState.REVERSING: "insurance.reverse_settlement",
    ClaimState.REVERSAL_UNCONFIRMED: "insurance.reverse_settlement",
}


def sweep(*, at: datetime) -> int:
    """Enqueue the next question of each claim not asked about lately; returns how many."""
    quiet = Q(last_asked_at__lt=at - PAUSE) | Q(last_asked_at__isnull=True, opened_at__lt=at - PAUSE)
    waiting = list(Claim.objects.filter(quiet, state__in=_JOBS).values_list("pk", "state"))
    for claim_id, state in waiting:
        jobs.enqueue(_JOBS[ClaimState(state)], claim_id=claim_id)
    return len(waiting)
