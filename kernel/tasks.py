"""Celery shell of the outbox."""

from celery import shared_task

from kernel import jobs


@shared_task(name="kernel.relay_jobs", ignore_result=True)
def relay_jobs() -> None:
    """Send what is due and what an outage left behind."""
    while jobs.relay() == jobs.BATCH:
        pass
