"""Who would pay how much of an amount that is not the charged one."""

from decimal import Decimal

from billing.rules import Parts
from kernel.money import allocate

NOTHING = Parts.nothing()


def parts_of(total: Decimal, charged: Parts) -> Parts:
    """``total`` yuan in the shares in which ``charged`` was paid; the parts sum to ``total`` exactly.

    Where nothing was paid, or payers took different signs, there are no shares to keep: then it is all cash, so that
    what may fall to the patient is never made to look smaller.

    Source: ours, an estimate: the insurer decides by deductible, ceiling and rules of the settlement, which a later
    amount may meet differently.
    """
    weights = charged if charged.total >= 0 else -charged
    shares = weights.each()
    if min(shares.values()) < 0 or not any(shares.values()):
        return Parts.of_cash(total)
    return Parts(**dict(zip(shares, allocate(total, list(shares.values())), strict=True)))
