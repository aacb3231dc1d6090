"""Background work that survives a broker outage: outbox row first, Celery after commit."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import takewhile

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from kernel import clock
from kernel.models import OutboxJob

logger = logging.getLogger(__name__)

BATCH = 200
RETRY_PAUSE = timedelta(seconds=15)


def enqueue(task_name: str, *, due_at: datetime | None = None, **arguments: object) -> None:
    """Send a Celery task by name after commit, or at ``due_at`` by the relay; arguments are JSON values.

    The task runs at least once; the operation it calls must be idempotent.
    """
    job = OutboxJob.objects.create(task_name=task_name, arguments=arguments, due_at=due_at or clock.now())
    if due_at is None:
        # A function with a name: Django writes it into the log when it fails, and fails itself without one.
        transaction.on_commit(lambda: relay(only=job.pk), robust=True)


@contextmanager
def alone(work: str, key: object) -> Iterator[None]:
    """One row of a recurring round: what goes wrong with it is logged and keeps none of the others back."""
    try:
        yield
    except Exception:
        logger.exception("%s of %s failed; the others go on", work, key)


def relay(*, only: int | None = None) -> int:
    """Hand due jobs to the broker and forget them; returns how many were taken.

    A job whose broker does not answer stays for the next relay.
    """
    with transaction.atomic():
        due = OutboxJob.objects.select_for_update(skip_locked=True).filter(due_at__lte=clock.now())
        if only is not None:
            due = due.filter(pk=only)
        # The first that the broker does not take ends the round: the others would only wait for it, too.
        sent = [job.pk for job in takewhile(_sent, due.order_by("due_at", "pk")[:BATCH])]
        OutboxJob.objects.filter(pk__in=sent).delete()
    return len(sent)


def _sent(job: OutboxJob) -> bool:
    """Whether the broker took the job."""
    try:
        current_app.send_task(job.task_name, kwargs=job.arguments, retry=False)
    except (OperationalError, ConnectionError, OSError):
        logger.warning("broker does not take %s; it stays in the outbox", job.task_name)
        OutboxJob.objects.filter(pk=job.pk).update(
            attempts=job.attempts + 1, due_at=clock.now() + RETRY_PAUSE
        )
        return False
    return True
