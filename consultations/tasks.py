"""Celery shells of consultations."""

from celery import shared_task

from consultations import operations
from kernel import clock


@shared_task(name="consultations.release_lapsed_holds", ignore_result=True)
def release_lapsed_holds() -> None:
    """Give places back that were not paid in time."""
    operations.release_lapsed_holds(at=clock.now())


@shared_task(name="consultations.close_missed", ignore_result=True)
def close_missed() -> None:
    """Call off visits that no doctor has begun in time."""
    operations.close_missed(at=clock.now())


@shared_task(name="consultations.open_slots", ignore_result=True)
def open_slots() -> None:
    """Open the slots of the coming days."""
    operations.open_slots(at=clock.now())
