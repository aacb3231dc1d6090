"""How many packs a line needs."""

from decimal import Decimal
from math import ceil

from prescriptions.rules.frequencies import FREQUENCIES


def packs_needed(
    *, dose: Decimal, frequency: str, days: int, dose_per_unit: Decimal, units_per_pack: int
) -> int:
    """Packs for so many days, rounded up; at least one.

    ``dose × frequency × days / content``; half a tablet leaves a half for the next time. For "when needed"
    nobody can compute it: one pack.

    Source: frequency dictionary of the insurance data sets (b.1.04), quantity formula.
    """
    rhythm = FREQUENCIES[frequency]
    if rhythm.times == 0:
        return 1
    doses = ceil(Decimal(days * rhythm.times) / rhythm.period)
    return max(1, ceil(dose * doses / (dose_per_unit * units_per_pack)))
