"""Who would pay how much of an amount that is not the charged one."""

from decimal import Decimal

from billing.rules import Parts
from kernel.money import ZERO, allocate

NOTHING = Parts(ZERO, ZERO, ZERO)


def parts_of(total: Decimal, charged: Parts) -> Parts:
    """``total`` yuan in the shares in which ``charged`` was paid; the parts sum to ``total`` exactly.

    Where nothing was paid, or payers took different signs, there are no shares to keep: then it is all cash, so that
    what may fall to the patient is never made to look smaller.

    Source: ours, an estimate: the insurer decides by deductible, ceiling and rules of the settlement, which a later
    amount may meet differently.
    """
    weights = [charged.fund, charged.account, charged.cash]
    if charged.total < 0:
        weights = [-weight for weight in weights]
    if min(weights) < 0 or not any(weights):
        return Parts(ZERO, ZERO, total)
    return Parts(*allocate(total, weights))


def plus(one: Parts, other: Parts) -> Parts:
    """Payer by payer."""
    return Parts(one.fund + other.fund, one.account + other.account, one.cash + other.cash)


def minus(one: Parts, other: Parts) -> Parts:
    """Payer by payer."""
    return Parts(one.fund - other.fund, one.account - other.account, one.cash - other.cash)
