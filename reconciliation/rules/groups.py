"""The groups of 3201: insurance type, clearing type and clearing agency. Amounts in yuan."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from kernel.money import ZERO

EMPLOYEE, RESIDENT = "310", "390"
OUTPATIENT = "11"


@dataclass(frozen=True, slots=True)
class GroupKey:
    """The three codes by which the insurer sums."""

    insurance_type: str
    clearing_type: str
    clearing_agency: str

    @property
    def statement(self) -> tuple[str, str]:
        """Clearing agency and clearing type: a detailed statement (3202) is of these two."""
        return self.clearing_agency, self.clearing_type


@dataclass(frozen=True, slots=True)
class GroupSums:
    """Settlements and the records that took some back, refunds negative; ``count`` counts both."""

    key: GroupKey
    count: int = 0
    total: Decimal = ZERO
    fund: Decimal = ZERO
    account: Decimal = ZERO
    cash: Decimal = ZERO


def to_be_asked(held: Iterable[GroupSums], known: Iterable[GroupKey], region: str) -> list[GroupSums]:
    """The groups to ask about: those we hold, those known of late, and the ordinary ones of our own region.

    A group of which we hold nothing is asked about with zeros: what only the insurer holds would show nowhere else.
    """
    ordinary = (GroupKey(kind, OUTPATIENT, region) for kind in (EMPLOYEE, RESIDENT))
    found = {sums.key: sums for sums in held}
    for key in (*known, *ordinary):
        found.setdefault(key, GroupSums(key))
    return sorted(found.values(), key=lambda sums: (*sums.key.statement, sums.key.insurance_type))


def added(sums: Iterable[GroupSums]) -> GroupSums:
    """Several groups as one; its key is that of the first.

    Raises:
        ValueError: there are none.
    """
    all_of_them = list(sums)
    if not all_of_them:
        raise ValueError("no groups")
    return GroupSums(
        all_of_them[0].key,
        sum(each.count for each in all_of_them),
        sum((each.total for each in all_of_them), ZERO),
        sum((each.fund for each in all_of_them), ZERO),
        sum((each.account for each in all_of_them), ZERO),
        sum((each.cash for each in all_of_them), ZERO),
    )
