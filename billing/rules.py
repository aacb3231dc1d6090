"""How a bill's parts fall on its lines; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kernel.money import allocate


@dataclass(frozen=True, slots=True)
class LineFacts:
    """Amount of a line and how much of it the insurance recognises, in yuan."""

    amount: Decimal
    in_scope: Decimal


@dataclass(frozen=True, slots=True)
class Parts:
    """Who pays how much of something, in yuan."""

    fund: Decimal
    account: Decimal
    cash: Decimal

    @property
    def total(self) -> Decimal:
        """The whole."""
        return self.fund + self.account + self.cash


def share_parts(lines: Sequence[LineFacts], parts: Parts) -> list[Parts]:
    """Shares of each line, in order; they sum to ``parts`` by payer and to each line's amount by line.

    The fund's part follows what the insurance recognises of each line; the personal account's part
    follows what is then left of each line; the rest of each line is cash.

    Raises:
        ValueError: the parts do not sum to the lines, or the fund pays more than is in scope.

    Source: the insurer states the parts per settlement only; sharing them over lines is ours, for display.
    """
    if parts.total != sum((line.amount for line in lines), Decimal(0)):
        raise ValueError("the parts do not sum to the lines")
    in_scope = [line.in_scope for line in lines]
    if parts.fund > sum(in_scope, Decimal(0)):
        raise ValueError("the fund pays more than is in scope")
    fund = allocate(parts.fund, in_scope)
    left = [line.amount - share for line, share in zip(lines, fund, strict=True)]
    account = allocate(parts.account, left)
    return [Parts(f, a, rest - a) for f, a, rest in zip(fund, account, left, strict=True)]
