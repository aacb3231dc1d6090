"""When a day is compared, and when it is tried again. Days and times in Asia/Shanghai."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from reconciliation.rules.kinds import Source

SHANGHAI = ZoneInfo("Asia/Shanghai")

FIRST_RUN = {
    Source.INSURER: time(2, 0),
    Source.BOOKS: time(2, 10),
    Source.CHANNEL: time(10, 10),
    Source.ALIPAY: time(10, 10),
}
"""On the next day. The channels make their bills from 9:00 on; WeChat Pay asks to be called after 10:00.

Source: insurance.md section 8 (3201 at 02:00 for the day before); WeChat Pay merchant documentation, trade bill.
"""

RETRY_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (10, 30, 60, 120))
"""After the first, second, … run in vain; the last one goes on.

Source: ours, of general knowledge.
"""

GIVE_UP_AFTER = timedelta(days=5)
"""So long after the first run it is not tried again by itself; a person can."""

CUT_OFF_AFTER = timedelta(minutes=30)
"""A run that has not ended by then counts as dead; another may begin."""

CATCH_UP_DAYS = 31
"""After an outage so many past days are opened, at most."""


def bounds_of(day: date) -> tuple[datetime, datetime]:
    """The first moment of the day and of the next one."""
    begin = datetime.combine(day, time(), SHANGHAI)
    return begin, datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


def first_run_of(source: Source, day: date) -> datetime:
    """When a day is compared for the first time."""
    return datetime.combine(day + timedelta(days=1), FIRST_RUN[source], SHANGHAI)


def next_try(source: Source, day: date, runs_in_vain: int, at: datetime) -> datetime | None:
    """When it is tried again after so many runs in vain (1, 2, …); None when a person must."""
    if at >= first_run_of(source, day) + GIVE_UP_AFTER:
        return None
    return at + RETRY_PAUSES[min(runs_in_vain, len(RETRY_PAUSES)) - 1]


def days_to_open(last_open: date | None, at: datetime) -> Iterator[date]:
    """Days that have ended and whose comparison is not open, oldest first."""
    local = at.astimezone(SHANGHAI)
    newest = local.date() - timedelta(days=1 if local.time() >= FIRST_RUN[Source.INSURER] else 2)
    oldest = newest - timedelta(days=CATCH_UP_DAYS - 1)
    day = newest if last_open is None else max(oldest, last_open + timedelta(days=1))
    while day <= newest:
        yield day
        day += timedelta(days=1)
