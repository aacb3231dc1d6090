"""Which lines a policy gives back, and who has how much back; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from billing.rules import Parts
from refunds.rules.situations import Gives


@dataclass(frozen=True, slots=True)
class LeftLine:
    """What is left of a line: units, and whether it is the fee for coming to her home."""

    number: int
    quantity: Decimal
    is_onsite_fee: bool


def given_back(gives: Gives, lines: Iterable[LeftLine]) -> Mapping[int, Decimal]:
    """Units by line number that a policy gives back; empty when that is nothing.

    Raises:
        ValueError: a person has to choose.
    """
    if gives is Gives.CHOSEN:
        raise ValueError("the lines are chosen by a person")
    if gives is Gives.NOTHING:
        return {}
    kept = gives is Gives.ALL_BUT_ONSITE_FEE
    return {
        line.number: line.quantity for line in lines if line.quantity and not (kept and line.is_onsite_fee)
    }


def shares_after(stays: Parts, standing: Parts) -> Parts:
    """Who bears what stays of a bill, when lines of it went back.

    When the insurer pays less for what stays than it did before, her part grows although something was given back. She
    agreed to the part she was shown, so the hospital bears what is more.

    Args:
        stays: who pays what stays as the insurer says it; all of it is cash without insurance.
        standing: who has paid how much so far.

    Source: ours; no document is known that lets a hospital ask for more afterwards.
    """
    hers = min(stays.cash, standing.cash)
    return Parts(stays.fund, stays.account, hers, stays.family, stays.cash - hers)
