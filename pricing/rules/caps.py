"""Most that may be charged: for one charge, and over a period."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from pricing.rules import steps
from pricing.rules.amounts import NOTHING, Charge
from pricing.rules.facts import ChargedLine, ItemFact, PriceFact, QuoteContext, ServiceLine


def has_cap(price: PriceFact) -> bool:
    """Whether the row says a most."""
    return price.cap_amount is not None or price.period_cap_amount is not None


def capped(
    charge: Charge,
    price: PriceFact,
    item: ItemFact,
    line: ServiceLine,
    context: QuoteContext,
    before: Sequence[ChargedLine],
) -> Charge:
    """The charge, cut to what its caps leave.

    One charge is all lines of the item in one encounter, so that splitting an order never makes it dearer than
    its cap. A period of n days is sliding: it holds the service day and the n − 1 days before it, and what was
    charged on days to come within n − 1 days.

    ``before`` are the lines of this item charged earlier or standing earlier in this order.
    """
    asked = charge.unit * line.quantity if charge.whole is None else charge.whole
    left = min(_left(price, context, before), asked)
    if left >= asked:
        return charge
    shown = charge.steps if charge.whole is not None else (steps.units(item, charge.unit, line.quantity),)
    return Charge(charge.unit, left, (*shown, steps.cap(price, left - asked)))


def _left(price: PriceFact, context: QuoteContext, before: Sequence[ChargedLine]) -> Decimal:
    """Yuan that the narrower of the caps leaves; never negative."""
    rooms: list[Decimal] = []
    if price.cap_amount is not None:
        same = [line.amount for line in before if line.encounter == context.encounter]
        rooms.append(price.cap_amount - sum(same, NOTHING))
    if price.period_cap_amount is not None:
        days = timedelta(days=price.period_cap_days or 1)
        near = [line.amount for line in before if abs(line.service_on - context.service_on) < days]
        rooms.append(price.period_cap_amount - sum(near, NOTHING))
    return max(NOTHING, min(rooms))
