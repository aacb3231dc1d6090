"""The year's cumulative amounts: what a settlement adds to them, and the windows that are counted apart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .money import ZERO

WHOLE_YEAR = ""


@dataclass(frozen=True)
class Count:
    """Cumulative amounts, in yuan: deductible borne, fees above it, paid by the fund."""

    deducted: Decimal = ZERO
    eligible: Decimal = ZERO
    fund_paid: Decimal = ZERO


@dataclass(frozen=True)
class Entry:
    """What is added to one counter in one window of the year."""

    counter: str
    window: str
    deducted: Decimal = ZERO
    eligible: Decimal = ZERO
    fund_paid: Decimal = ZERO


def window_of(*, per: str, on: date, visit: str = "", disease: str = "") -> str:
    """Name a window of the year: "" the whole of it, "Q1", "M03", "V" and a visit, with "D" and a disease behind.

    Example: ``window_of(per="quarter", on=date(2026, 3, 2))`` is ``"Q1"``.
    """
    span = {
        "year": WHOLE_YEAR,
        "quarter": f"Q{(on.month + 2) // 3}",
        "month": f"M{on.month:02d}",
        "visit": f"V{visit}",
    }[per]
    return span + (f"D{disease}" if disease else "")


def added(counts: Mapping[tuple[str, str], Count], entries: Iterable[Entry]) -> dict[tuple[str, str], Count]:
    """The cumulative amounts once the entries have been added."""
    result = dict(counts)
    for entry in entries:
        before = result.get((entry.counter, entry.window), Count())
        result[entry.counter, entry.window] = Count(
            before.deducted + entry.deducted,
            before.eligible + entry.eligible,
            before.fund_paid + entry.fund_paid,
        )
    return result
