"""One worker at a time speaks about a row with the outside; a killed one gives it back after a while."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db.models import Model, Q, QuerySet

from kernel import clock

LONGEST_CALL = timedelta(seconds=90)
"""Longer than any time-out of one call; renewed before each."""


@contextmanager
def turn(row: QuerySet[Model]) -> Iterator[bool]:
    """Whether this process may speak about the one row now; it has a column ``busy_until``."""
    now = clock.now()
    free = row.filter(Q(busy_until__isnull=True) | Q(busy_until__lte=now))
    mine = free.update(busy_until=now + LONGEST_CALL) == 1
    try:
        yield mine
    finally:
        if mine:
            row.update(busy_until=None)


def go_on(row: QuerySet[Model]) -> None:
    """Keep the turn for another call."""
    row.update(busy_until=clock.now() + LONGEST_CALL)
