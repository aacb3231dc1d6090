"""Sums of a simulation that grow slice by slice, and their form as JSON."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from billing.rules import Parts
from repricing.rules.shares import NOTHING


@dataclass(frozen=True, slots=True)
class Tally:
    """So many charges, what they cost, and what they would cost; yuan by payer."""

    count: int = 0
    charged: Parts = NOTHING
    proposed: Parts = NOTHING

    @property
    def difference(self) -> Decimal:
        """Yuan more (or, negative, less)."""
        return self.proposed.total - self.charged.total

    def __add__(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(self.count + other.count, self.charged + other.charged, self.proposed + other.proposed)

    def as_json(self) -> list[str]:
        """Count, then fund, account, cash as charged, then as proposed."""
        amounts = [(each.fund, each.account, each.cash) for each in (self.charged, self.proposed)]
        return [str(self.count), *(f"{amount:f}" for parts in amounts for amount in parts)]

    @classmethod
    def from_json(cls, row: Sequence[str]) -> "Tally":
        """The opposite of ``as_json``."""
        amounts = [Decimal(text) for text in row[1:]]
        return cls(int(row[0]), Parts(*amounts[:3]), Parts(*amounts[3:]))


Sums = dict[str, Tally]
"""By code of an item, id of an institution, number of an age group …, as text."""


def added(sums: Mapping[str, Tally], more: Iterable[tuple[str, Tally]]) -> Sums:
    """The sums with more tallies under their keys."""
    grown = dict(sums)
    for key, tally in more:
        grown[key] = grown.get(key, Tally()) + tally
    return grown


def sums_as_json(sums: Mapping[str, Tally]) -> dict[str, list[str]]:
    """For a JSON column."""
    return {key: tally.as_json() for key, tally in sums.items()}


def sums_from_json(rows: Mapping[str, Sequence[str]]) -> Sums:
    """From a JSON column."""
    return {key: Tally.from_json(row) for key, row in rows.items()}


MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Extremes:
    """Who would save most and who would pay most more: (id, charged, proposed) in yuan, the largest first."""

    savers: tuple[tuple[int, Decimal, Decimal], ...] = ()
    payers: tuple[tuple[int, Decimal, Decimal], ...] = ()

    def with_more(self, rows: Iterable[tuple[int, Decimal, Decimal]]) -> "Extremes":
        """Keep the largest of both; equal differences in the order of the ids."""
        known = [*self.savers, *self.payers, *rows]
        saved = sorted((row for row in known if row[2] < row[1]), key=lambda row: (row[2] - row[1], row[0]))
        paid = sorted((row for row in known if row[2] > row[1]), key=lambda row: (row[1] - row[2], row[0]))
        return Extremes(tuple(saved[:MOST_SHOWN]), tuple(paid[:MOST_SHOWN]))

    def as_json(self) -> dict[str, list[list[str]]]:
        """For a JSON column."""
        return {
            name: [[str(who), f"{charged:f}", f"{proposed:f}"] for who, charged, proposed in rows]
            for name, rows in (("savers", self.savers), ("payers", self.payers))
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Extremes":
        """The opposite of ``as_json``."""
        savers, payers = (
            tuple((int(who), Decimal(charged), Decimal(proposed)) for who, charged, proposed in said[name])
            for name in ("savers", "payers")
        )
        return cls(savers, payers)


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """Percent, one decimal; None of nothing."""
    return (part * 100 / whole).quantize(Decimal("0.1")) if whole else None
