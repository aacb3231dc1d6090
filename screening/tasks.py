"""Celery shells."""

from celery import shared_task

from kernel import clock
from screening import operations


@shared_task(name="screening.report_handling")
def report_handling(report_id: int) -> None:
    """Tell the insurer what became of its findings."""
    operations.report_handling(report_id=report_id, at=clock.now())
