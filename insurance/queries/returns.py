"""What returns of lines have changed of bills since they were paid."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from insurance.models import LineReturn
from insurance.rules.returns import Shares
from kernel.money import ZERO


@dataclass(frozen=True)
class Returned:
    """Lines that were given back, by their numbers, and the change for each payer in yuan."""

    numbers: frozenset[int]
    change: Shares

    @property
    def total(self) -> Decimal:
        """Yuan of the lines, negative."""
        return self.change.fund + self.change.account + self.change.cash


def returned_of(bill_ids: Collection[int]) -> Returned | None:
    """Everything that was given back of these bills, and is concluded; None when nothing was. One query."""
    rows = list(LineReturn.objects.filter(claim__bill__in=bill_ids, concluded_at__isnull=False))
    if not rows:
        return None
    change = Shares(
        sum((row.fund_difference or ZERO for row in rows), ZERO),
        sum((row.account_difference or ZERO for row in rows), ZERO),
        sum((row.cash_difference or ZERO for row in rows), ZERO),
    )
    return Returned(frozenset(number for row in rows for number in row.line_numbers), change)
