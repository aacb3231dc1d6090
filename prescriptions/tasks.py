"""Celery shells."""

from celery import shared_task

from kernel import clock
from prescriptions import operations


@shared_task(name="prescriptions.expire_due")
def expire_due() -> None:
    """Every minute: end what is no longer valid."""
    operations.expire_due(at=clock.now())


@shared_task(name="prescriptions.analyse_before_charging")
def analyse_before_charging(prescription_id: int) -> None:
    """Ask the insurer about medicines that may be charged."""
    operations.analyse_before_charging(prescription_id=prescription_id, at=clock.now())
