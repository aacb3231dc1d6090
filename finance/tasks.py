"""Celery shells of finance."""

from celery import shared_task

from finance.operations import days
from kernel import clock


@shared_task(name="finance.open_days", ignore_result=True)
def open_days() -> None:
    """Open the cashier days that have ended."""
    days.open_ended(at=clock.now())
