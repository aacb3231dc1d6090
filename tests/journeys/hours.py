"""The hour: a visit belongs to its slot and to its day, so no journey begins in the last moments of either.

What waits at midnight is called off, and a slot that ends is refused. Both are the product's rules and are tried
elsewhere with a clock that is given; here the clock is everybody's.
"""

import time
from datetime import datetime, timedelta

from django.utils import timezone

from consultations.queries import end_of_day

SLOT = timedelta(minutes=30)
"""The demonstration's; they begin at the full and at the half hour."""
TO_HOLD = timedelta(seconds=20)
"""From seeing what is free to taking it, on a busy machine."""
TO_WALK = timedelta(minutes=10)
"""The longest journey, on a busy machine."""
AFTERWARDS = timedelta(seconds=1)


def wait_for_a_slot() -> None:
    """Until the present slot does not end while she chooses it."""
    _outlast(_left_of_slot(timezone.localtime()), least=TO_HOLD)


def wait_for_a_day() -> None:
    """Until the day does not end during a journey."""
    now = timezone.localtime()
    _outlast(end_of_day(now) - now, least=TO_WALK)


def _left_of_slot(now: datetime) -> timedelta:
    return SLOT - timedelta(minutes=now.minute, seconds=now.second) % SLOT


def _outlast(left: timedelta, *, least: timedelta) -> None:
    """Wait for the end when less than the least is left."""
    if left < least:
        time.sleep((left + AFTERWARDS).total_seconds())
