"""Celery shells of insurance."""

from celery import shared_task

from insurance.operations import presettling, settling, sweeping
from kernel import clock


@shared_task(name="insurance.presettle_claim", ignore_result=True)
def presettle_claim(claim_id: int) -> None:
    """Ask what the insurer would pay."""
    presettling.presettle_claim(claim_id=claim_id)


@shared_task(name="insurance.settle_claim", ignore_result=True)
def settle_claim(claim_id: int) -> None:
    """Settle one claim."""
    settling.settle_claim(claim_id=claim_id)


@shared_task(name="insurance.reverse_settlement", ignore_result=True)
def reverse_settlement(claim_id: int) -> None:
    """Take one settlement back."""
    settling.reverse_settlement(claim_id=claim_id)


@shared_task(name="insurance.sweep", ignore_result=True)
def sweep() -> None:
    """Ask again about what is open."""
    sweeping.sweep(at=clock.now())
