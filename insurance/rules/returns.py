"""What a return of lines changes for each payer; pure."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Shares:
    """Who pays how much, in yuan; as a difference, a negative amount goes back to its payer."""

    fund: Decimal
    account: Decimal
    cash: Decimal


def difference(before: Shares, now: Shares) -> Shares:
    """New less old, payer by payer; they sum to the amount of the lines that were given back, negative."""
    return Shares(now.fund - before.fund, now.account - before.account, now.cash - before.cash)
