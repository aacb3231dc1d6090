"""What reconciliation tells the apps above."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DifferenceBooked:
    """An entry says that the other side's amounts count with us, or that they do so no more."""

    entry_id: int
