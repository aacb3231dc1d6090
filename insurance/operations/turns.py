"""One conversation about a registration at a time, over all workers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection

from kernel import clock, jobs

_SPACE = 0x1A5
PAUSE = timedelta(seconds=2)


@contextmanager
def turn(registration_id: int) -> Iterator[bool]:
    """Whether this process may talk about the registration now.

    A session lock of PostgreSQL: it needs no transaction, and a killed worker gives it back with its
    connection.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_SPACE, registration_id])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_SPACE, registration_id])


def wait_for_turn(task_name: str, claim_id: int) -> None:
    """Somebody else is talking about the same registration: come back in a moment."""
    jobs.enqueue(task_name, due_at=clock.now() + PAUSE, claim_id=claim_id)
