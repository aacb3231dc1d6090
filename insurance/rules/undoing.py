"""Until when a message is undone; pure."""

from datetime import date


def is_undoable(*, submitted_on: date, on: date, same_day_only: bool) -> bool:
    """A message of unknown outcome is undone on its own day, where the province knows that limit.

    Source: general knowledge, no document seen; a value of the province profile.
    """
    return on == submitted_on or not same_day_only
