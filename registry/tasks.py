"""Celery shells of the registry."""

from celery import shared_task

from kernel import clock
from registry import operations


@shared_task(name="registry.ask_identity", ignore_result=True)
def ask_identity(verification_id: int) -> None:
    """Ask about one name and number."""
    operations.ask_identity(verification_id=verification_id, by=None, at=clock.now())


@shared_task(name="registry.sweep_verifications", ignore_result=True)
def sweep_verifications() -> None:
    """Ask about what was left behind."""
    operations.sweep(at=clock.now())
