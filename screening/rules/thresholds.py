"""What a rule may be set to: its thresholds with their bounds, and in which direction they grow weaker."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from screening.rules.kinds import Kind


class Weaker(StrEnum):
    """Where a threshold finds less."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A whole number of a rule. The bounds are ours: outside them the rule would find everything or nothing."""

    name: str
    least: int
    most: int
    weaker: Weaker = Weaker.UP

    def is_weaker(self, after: int, before: int) -> bool:
        """Whether ``after`` finds less than ``before``."""
        return after > before if self.weaker is Weaker.UP else after < before


THRESHOLDS_OF: Mapping[Kind, tuple[Threshold, ...]] = {
    Kind.AGE: (Threshold("most_years", 1, 18),),
    Kind.ELSEWHERE: (Threshold("least_days", 0, 180),),
    Kind.REMAINING: (Threshold("most_days", 0, 180),),
    Kind.TRAVEL: (
        Threshold("least_minutes", 1, 1440, Weaker.DOWN),
        Threshold("least_km", 1, 5000),
        Threshold("most_km_an_hour", 1, 1200),
    ),
    Kind.DEVICE: (Threshold("most_patients", 1, 1000), Threshold("hours", 1, 720, Weaker.DOWN)),
    # No more than 50 signatures are looked back at.
    Kind.PACE: (Threshold("most_orders", 1, 49), Threshold("seconds", 1, 3600, Weaker.DOWN)),
}


def thresholds_of(kind: Kind) -> tuple[Threshold, ...]:
    """Those of a kind of rule; most kinds have none."""
    return THRESHOLDS_OF.get(kind, ())
