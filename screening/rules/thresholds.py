"""What a rule may be set to: its thresholds with their bounds, and in which direction they grow weaker."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from kernel.errors import Text
from screening.rules.kinds import Kind


class Weaker(StrEnum):
    """Where a threshold finds less."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A whole number of a rule. The bounds are ours: outside them the rule would find everything or nothing."""

    name: str
    label: Text
    least: int
    most: int
    weaker: Weaker = Weaker.UP

    def is_weaker(self, after: int, before: int) -> bool:
        """Whether ``after`` finds less than ``before``."""
        return after > before if self.weaker is Weaker.UP else after < before


THRESHOLDS_OF: Mapping[Kind, tuple[Threshold, ...]] = {
    Kind.AGE: (Threshold("most_years", _("years at most"), 1, 18),),
    Kind.ELSEWHERE: (Threshold("least_days", _("days left, more than"), 0, 180),),
    Kind.REMAINING: (Threshold("most_days", _("days left, more than"), 0, 180),),
    Kind.TRAVEL: (
        Threshold("least_minutes", _("minutes between two cities, fewer than"), 1, 1440, Weaker.DOWN),
        Threshold("least_km", _("kilometres apart, more than"), 1, 5000),
        Threshold("most_km_an_hour", _("kilometres an hour, more than"), 1, 1200),
    ),
    Kind.DEVICE: (
        Threshold("most_patients", _("patients of one device, more than"), 1, 1000),
        Threshold("hours", _("within hours"), 1, 720, Weaker.DOWN),
    ),
    # No more than 50 signatures are looked back at.
    Kind.PACE: (
        Threshold("most_orders", _("prescriptions, more than"), 1, 49),
        Threshold("seconds", _("within seconds"), 1, 3600, Weaker.DOWN),
    ),
}


LABELS: Mapping[str, Text] = {each.name: each.label for found in THRESHOLDS_OF.values() for each in found}


def thresholds_of(kind: Kind) -> tuple[Threshold, ...]:
    """Those of a kind of rule; most kinds have none."""
    return THRESHOLDS_OF.get(kind, ())
