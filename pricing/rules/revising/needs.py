"""What each kind of amount needs to be said; column names are those of the tables."""

from collections.abc import Mapping
from dataclasses import dataclass

from pricing.rules.kinds import AmountKind


@dataclass(frozen=True, slots=True)
class Needs:
    """Columns of one kind of amount."""

    required: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    """At least one of them."""
    optional: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All that the kind knows, in the order a person fills them in."""
        return (*self.required, *self.one_of, *self.optional)


NEEDS: Mapping[AmountKind, Needs] = {
    AmountKind.FIXED: Needs(required=("amount",)),
    AmountKind.RANGE: Needs(required=("minimum_amount", "maximum_amount")),
    AmountKind.CEILING: Needs(one_of=("maximum_amount", "maximum_rate"), optional=("base_item",)),
    AmountKind.PERCENTAGE: Needs(required=("rate",), optional=("base_item",)),
    AmountKind.SELF_SET: Needs(),
    AmountKind.TIERED: Needs(required=("band_axis", "bands")),
    AmountKind.BASE_AND_FURTHER: Needs(
        required=("amount", "included_quantity"), one_of=("further_amount", "further_rate")
    ),
    AmountKind.HOURLY: Needs(required=("amount",)),
}

AMOUNT_COLUMNS = tuple(dict.fromkeys(column for needs in NEEDS.values() for column in needs.columns))
"""Columns that some kind of amount needs and others do not know."""


def needs_of(kind: str) -> Needs:
    """By value of ``AmountKind``; of an unknown kind nothing.

    >>> needs_of("fixed").required
    ('amount',)
    """
    return NEEDS[AmountKind(kind)] if kind in set(AmountKind) else Needs()
