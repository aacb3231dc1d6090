"""How long to wait before a channel is asked again; pure."""

from collections.abc import Sequence
from datetime import timedelta

_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)

ORDER_PAUSES = (15 * _SECOND,) * 4 + (30 * _SECOND,) * 4 + (_MINUTE,)
"""She sits before the page, or a place hangs on it: never longer than a minute.

Source: ours; WeChat Pay asks merchants to query when no notification came, without naming pauses for it.
"""

REFUND_PAUSES = (15 * _SECOND,) * 8 + (_MINUTE,) * 10 + (5 * _MINUTE,) * 12 + (15 * _MINUTE,)
"""Nobody waits for it by the minute.

Source: ours; WeChat Pay asks for at least a minute between queries of a refund that takes long.
"""


def pause_after(times_asked: int, pauses: Sequence[timedelta]) -> timedelta:
    """How long to wait after so many questions (0: since it was made)."""
    return pauses[min(times_asked, len(pauses)) - 1] if times_asked else pauses[0]
