"""What a simulation has found so far: sums that grow slice by slice, kept as JSON."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from billing.rules import Parts
from kernel.money import ZERO
from repricing.queries.charges import Group
from repricing.rules.shares import parts_of
from repricing.rules.tallies import Extremes, Sums, Tally, added, sums_as_json, sums_from_json

Whose = tuple[str, int, int]
"""Code of the item (empty for one that is not touched), institution, age group."""


@dataclass
class Findings:
    """Sums over the slices that are done; those by institution and by age group each sum to ``total``."""

    total: Tally = field(default_factory=Tally)
    touched: Tally = field(default_factory=Tally)
    """Of the charges whose items the proposed prices may touch."""
    changed_count: int = 0
    """Charges whose amount becomes another."""
    items: Sums = field(default_factory=dict)
    """By code, touched charges only; they sum to ``touched``."""
    institutions: Sums = field(default_factory=dict)
    ages: Sums = field(default_factory=dict)
    refused: dict[str, tuple[int, Decimal]] = field(default_factory=dict)
    """Code of the refusal -> charges that would have no price, and yuan charged for them; they count unchanged."""
    patients: Extremes = field(default_factory=Extremes)

    def take(self, sums: Mapping[Whose, Tally]) -> None:
        """Add what one slice found, with the estimate of who would pay."""
        for (code, institution, age_group), tally in sums.items():
            estimated = Tally(tally.count, tally.charged, _estimate(tally))
            self.total += estimated
            self.institutions = added(self.institutions, [(str(institution), estimated)])
            self.ages = added(self.ages, [(str(age_group), estimated)])
            if code:
                self.touched += estimated
                self.items = added(self.items, [(code, estimated)])

    def refuse(self, code: str, group: Group) -> None:
        """Charges that the proposed prices leave without a price, or that cannot be told."""
        count, amount = self.refused.get(code, (0, ZERO))
        self.refused[code] = (count + group.count, amount + group.charged.total)

    def as_json(self) -> dict[str, Any]:
        """For the column ``Simulation.result``."""
        return {
            "total": self.total.as_json(),
            "touched": self.touched.as_json(),
            "changed_count": self.changed_count,
            "items": sums_as_json(self.items),
            "institutions": sums_as_json(self.institutions),
            "ages": sums_as_json(self.ages),
            "refused": {code: [count, f"{amount:f}"] for code, (count, amount) in self.refused.items()},
            "patients": self.patients.as_json(),
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Findings":
        """The opposite of ``as_json``; of nothing, nothing."""
        if not said:
            return cls()
        return cls(
            total=Tally.from_json(said["total"]),
            touched=Tally.from_json(said["touched"]),
            changed_count=said["changed_count"],
            items=sums_from_json(said["items"]),
            institutions=sums_from_json(said["institutions"]),
            ages=sums_from_json(said["ages"]),
            refused={code: (count, Decimal(amount)) for code, (count, amount) in said["refused"].items()},
            patients=Extremes.from_json(said["patients"]),
        )


def _estimate(tally: Tally) -> Parts:
    """Who would pay: as charged where the amount stays, else in the same shares."""
    if tally.proposed.total == tally.charged.total:
        return tally.charged
    return parts_of(tally.proposed.total, tally.charged)


def in_total(amount: Decimal) -> Parts:
    """An amount whose payers are estimated later, when the sum of its group is known."""
    return Parts(ZERO, ZERO, amount)


def summed(rows: Iterable[tuple[Whose, Tally]]) -> dict[Whose, Tally]:
    """One tally for each."""
    sums: dict[Whose, Tally] = {}
    for whose, tally in rows:
        sums[whose] = sums.get(whose, Tally()) + tally
    return sums
