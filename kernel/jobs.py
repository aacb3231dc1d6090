"""Background work that survives a broker outage: outbox row first, Celery after commit."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import takewhile

from celery import current_app
from django.db import connection, transaction
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
    if only is not None:
        return int(_hand_over(only))
    with transaction.atomic():
        due = OutboxJob.objects.select_for_update(skip_locked=True).filter(due_at__lte=clock.now())
        # The first that the broker does not take ends the round: the others would only wait for it, too.
        sent = [job.pk for job in takewhile(_sent_or_put_off, due.order_by("due_at", "pk")[:BATCH])]
        OutboxJob.objects.filter(pk__in=sent).delete()
    return len(sent)


# One statement. Its commit need not reach the disk before the request goes on: a row that a crash brings back is a job
# that runs twice, which it may.
_TAKE = """
    DELETE FROM kernel_outboxjob WHERE id = (
        SELECT id FROM kernel_outboxjob WHERE id = %s FOR UPDATE SKIP LOCKED
    )
    RETURNING id, task_name, arguments::text, attempts, set_config('synchronous_commit', 'off', true)
"""


def _hand_over(job_id: int) -> bool:
    """Whether the broker took the job just now; its row is gone then, and only then."""
    with transaction.atomic():
        job = _taken(job_id)
        if job is None or _sent(job):
            return job is not None
        transaction.set_rollback(True)
    _put_off(job)
    return False


def _taken(job_id: int) -> OutboxJob | None:
    """The job without its row, which comes back when the transaction is taken back; None when another relay has it."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [job_id])
        row = cursor.fetchone()
    if row is None:
        return None
    number, task_name, arguments, attempts, _how_committed = row
    return OutboxJob(pk=number, task_name=task_name, arguments=json.loads(arguments), attempts=attempts)


def _sent_or_put_off(job: OutboxJob) -> bool:
    if taken := _sent(job):
        return taken
    _put_off(job)
    return False


def _sent(job: OutboxJob) -> bool:
    """Whether the broker took the job."""
    try:
        current_app.send_task(job.task_name, kwargs=job.arguments, retry=False)
    except (OperationalError, ConnectionError, OSError):
        logger.warning("broker does not take %s; it stays in the outbox", job.task_name)
        return False
    return True


def _put_off(job: OutboxJob) -> None:
    """Try again later."""
    OutboxJob.objects.filter(pk=job.pk).update(attempts=job.attempts + 1, due_at=clock.now() + RETRY_PAUSE)
