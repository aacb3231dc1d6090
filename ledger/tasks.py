"""Celery shells of the ledger."""

from celery import shared_task

from kernel import clock
from ledger.operations import closing


@shared_task(name="ledger.close_days", ignore_result=True)
def close_days() -> None:
    """Close the days of all books that are due."""
    closing.close_ended(at=clock.now())
