"""Celery shells of insurance."""

from celery import shared_task

from insurance.operations import presettling, settling, sweeping, tidying
from kernel import clock

# A conversation may be two slow calls. It may so outlive the broker's visibility time-out and be delivered twice: the
# second one finds the turn taken, or that somebody has asked since.
_SOFT, _HARD = 110, 120


@shared_task(name="insurance.presettle_claim", ignore_result=True, soft_time_limit=_SOFT, time_limit=_HARD)
def presettle_claim(claim_id: int, times: int | None = None) -> None:
    """Ask what the insurer would pay."""
    presettling.presettle_claim(claim_id=claim_id, times=times)


@shared_task(name="insurance.settle_claim", ignore_result=True, soft_time_limit=_SOFT, time_limit=_HARD)
def settle_claim(claim_id: int, times: int | None = None) -> None:
    """Settle one claim."""
    settling.settle_claim(claim_id=claim_id, times=times)


@shared_task(name="insurance.void_settlement", ignore_result=True, soft_time_limit=_SOFT, time_limit=_HARD)
def void_settlement(claim_id: int, times: int | None = None) -> None:
    """Undo one settlement of unknown outcome."""
    settling.void_settlement(claim_id=claim_id, times=times)


@shared_task(name="insurance.reverse_settlement", ignore_result=True, soft_time_limit=_SOFT, time_limit=_HARD)
def reverse_settlement(claim_id: int, times: int | None = None) -> None:
    """Take one settlement back."""
    settling.reverse_settlement(claim_id=claim_id, times=times)


@shared_task(name="insurance.tidy_up", ignore_result=True, soft_time_limit=_SOFT, time_limit=_HARD)
def tidy_up(claim_id: int, times: int | None = None) -> None:
    """Withdraw what the insurer need not keep of an ended claim."""
    tidying.tidy_up(claim_id=claim_id, times=times)


@shared_task(name="insurance.sweep", ignore_result=True)
def sweep() -> None:
    """Ask again about what is open."""
    sweeping.sweep(at=clock.now())
