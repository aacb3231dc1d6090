"""The on-site fee as a line of a quote."""

from decimal import Decimal

from pricing.rules.amounts import Charge
from pricing.rules.facts import ItemFact, PriceFact, QuotedLine, ServiceLine
from pricing.rules.lines import quoted_line
from pricing.rules.onsite.facts import OnsiteFee

REFERENCE = "onsite"
"""Reference of the line of the on-site fee in the quote of a home visit."""


def onsite_line(fee: OnsiteFee, item: ItemFact, price: PriceFact) -> QuotedLine:
    """Charged once for the visit: quantity 1 at the fee, resting on the price row that stands for the schedule."""
    asked = ServiceLine(REFERENCE, item.code, Decimal(1))
    return quoted_line(asked, item, price, Charge(fee.amount, None, fee.steps))
