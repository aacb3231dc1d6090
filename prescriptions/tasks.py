"""Celery shells."""

from celery import shared_task

from kernel import clock
from prescriptions import operations


@shared_task(name="prescriptions.expire_due")
def expire_due() -> None:
    """Every minute: end what is no longer valid."""
    operations.expire_due(at=clock.now())
