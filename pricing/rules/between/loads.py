"""How full the windows of a rule are."""

from bisect import bisect_right
from collections.abc import Iterable
from decimal import Decimal
from itertools import accumulate

from pricing.rules.between.windows import Span

_NOTHING = Decimal(0)


class Load:
    """What lies in each window: units, yuan, or a count of lines. Sorting once makes every question cheap."""

    def __init__(self, weighted: Iterable[tuple[tuple[Span, ...], Decimal]]) -> None:
        """Spans of each entry with its weight."""
        changes: dict[str, dict[int, Decimal]] = {}
        for spans, weight in weighted:
            for line, first, last in spans:
                at = changes.setdefault(line, {})
                at[first] = at.get(first, _NOTHING) + weight
                at[last + 1] = at.get(last + 1, _NOTHING) - weight
        self._lines = {line: _running(at) for line, at in changes.items()}

    def most(self, spans: Iterable[Span]) -> Decimal:
        """The fullest of the windows that begin in these spans; 0 where all are empty."""
        return max((self._most(span) for span in spans), default=_NOTHING)

    def _most(self, span: Span) -> Decimal:
        line, first, last = span
        begins, loads = self._lines.get(line, ([], []))
        before = bisect_right(begins, first) - 1
        return max(loads[max(before, 0) : bisect_right(begins, last)], default=_NOTHING)


def _running(changes: dict[int, Decimal]) -> tuple[list[int], list[Decimal]]:
    """Beginnings in order, and what the windows from each on hold until the next."""
    begins = sorted(changes)
    return begins, list(accumulate(changes[begin] for begin in begins))
