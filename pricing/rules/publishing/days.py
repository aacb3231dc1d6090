"""The days on which another row may come to hold."""

from collections.abc import Iterable, Sequence
from datetime import date

from pricing.rules.facts import PriceFact


def days_of_change(rows: Sequence[PriceFact], others: Iterable[PriceFact]) -> list[date]:
    """The first days of all of them, and the days after the others end, on which one of ``rows`` holds; in order."""
    days = {row.begin for row in rows}
    for other in others:
        days.add(other.begin)
        if other.end is not None:
            days.add(other.end)
    return sorted(
        day for day in days if any(row.begin <= day and (row.end is None or day < row.end) for row in rows)
    )
