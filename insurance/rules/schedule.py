"""When the insurer is asked again about what it has not answered; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Schedule:
    """Moments after ``since``: those of ``first``, then ``every`` so long, the last at ``until``."""

    first: tuple[timedelta, ...]
    every: timedelta
    until: timedelta

    def offsets(self) -> list[timedelta]:
        """Every moment, as time after the beginning, ascending."""
        found = list(self.first)
        following = self.every * (found[-1] // self.every + 1)
        while following <= self.until:
            found.append(following)
            following += self.every
        return found

    def next_ask(self, *, since: datetime, asked_at: datetime | None, faster: int = 1) -> datetime | None:
        """The first moment after the last question; None when the schedule is over.

        After an outage of hours one question is due, not all that were missed.

        Args:
            since: when it began to be unknown.
            asked_at: when the insurer was asked last; None when nothing was asked since then.
            faster: how many times faster than real the schedule runs; 1 outside tests and demonstrations.
        """
        moments = (since + offset / faster for offset in self.offsets())
        return next((moment for moment in moments if asked_at is None or moment > asked_at), None)


def _minutes(*numbers: float) -> tuple[timedelta, ...]:
    return tuple(timedelta(minutes=number) for number in numbers)


UNKNOWN_OUTCOME = Schedule(first=_minutes(0, 1, 5, 15, 60), every=timedelta(hours=1), until=timedelta(days=5))
"""A settlement, reversal or undoing whose outcome is unknown: at once, after 1, 5, 15 and 60 minutes, hourly for five
days; then a person must look.

Source: ours (issue 4); no document states how long a centre may stay silent.
"""

ESTIMATE = Schedule(
    first=_minutes(0.25, 0.5, 0.75, 1, 2), every=timedelta(minutes=5), until=timedelta(days=1)
)
"""What the insurer would pay: she is looking at the page, and no money hangs on it."""

CALL_IS_OVER = timedelta(seconds=20)
"""When nobody has said by then what became of a question, somebody looks: the worker may be gone. One that is still
waiting for the insurer keeps its turn, so nothing is asked twice at once."""

NOTHING_ARRIVES_LATE = timedelta(minutes=30)
"""After this a message that was sent and not answered is not on its way any more.

ASSUMPTION: time-outs of 20 to 120 seconds are seen between hospitals and centres; ours is a multiple of them.
"""

VISIT_IS_OVER = timedelta(hours=24)
"""A visit that nothing was settled of for so long is taken back at the insurer (2202)."""

TIDY_SOON = timedelta(minutes=1)
TIDY_PAUSE = timedelta(hours=1)
MOST_TIDYING = 120
"""Lines and visits the insurer need not keep: withdrawn soon, tried again by the hour for five days; no money hangs on
them."""
