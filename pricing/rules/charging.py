"""The numbered refusals: item, quantity, price."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation
from pricing.rules.errors import ItemUnknown, PriceNotFound, QuantityNotChargeable, TwoPricesInForce
from pricing.rules.facts import ItemFact, PriceFact, QuoteContext, ServiceLine, TariffFacts
from pricing.rules.lookup import holds, is_listed, most_specific

_OURS = "our rule: what cannot be traced to a document is not charged"
_PUBLICITY = "价格法 (posted prices); 医保发〔2019〕47号 as reported in S1, S2, S4"


def check_item(
    line: ServiceLine, context: QuoteContext, facts: TariffFacts, *, code: str | None = None
) -> ItemFact:
    """PR-01: an item that is charged is listed in the region.

    ``code`` looks up the item at whose price the line is charged, instead of the line's own.

    Raises:
        ItemUnknown: there is no such item, or not here.

    Source: our rule: what cannot be traced to a document is not charged.
    """
    wanted = line.item_code if code is None else code
    found = facts.items.get(wanted)
    if found is None or not is_listed(found, context):
        message = _("There is no price item with the code %(code)s.") % {"code": wanted}
        raise ItemUnknown(violations=[Violation("PR-01", message, field=line.reference, source=_OURS)])
    return found


def check_quantity(line: ServiceLine, item: ItemFact) -> None:
    """PR-02: a quantity is more than zero and has no more decimals than its unit allows.

    Raises:
        QuantityNotChargeable: it is not.

    Source: our rule: a part of a unit is charged only where the item says so.
    """
    quantity = line.quantity
    if quantity.is_finite() and quantity > 0 and _decimals_of(quantity) <= item.quantity_decimals:
        return
    shown = {"quantity": quantity, "unit": item.unit, "name": item.name}
    message = _("A quantity of %(quantity)s (%(unit)s) cannot be charged for %(name)s.") % shown
    way_on = _("Give a quantity above zero in whole units, or with the decimals that the item allows.")
    raise QuantityNotChargeable(
        violations=[Violation("PR-02", message, way_on, field=line.reference, source=_OURS)]
    )


def _decimals_of(quantity: Decimal) -> int:
    """Decimals that count: 2, 2.0 and 2E+1 have none."""
    exponent = quantity.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def find_price(
    line: ServiceLine, item: ItemFact, context: QuoteContext, facts: TariffFacts, *, title: str | None
) -> PriceFact:
    """PR-03, PR-04: exactly one price holds for the item here, on this day, for this title.

    Of the prices that hold the most specific one counts: the institution's own before the city's, before the
    province's; one for its level before one for all levels; one for the title before one for all titles.

    Raises:
        PriceNotFound: no document sets a price. Zero would be a price; nothing is not.
        TwoPricesInForce: two hold and neither is the more specific.

    Source: 价格法 (posted prices); 医保发〔2019〕47号 as reported in S1, S2, S4.
    """
    holding = [price for price in facts.prices.get(item.code, ()) if holds(price, context, title)]
    best = most_specific(holding, context)
    shown = {"name": item.name, "code": item.code, "day": context.service_on.isoformat()}
    if not best:
        message = _("No document sets a price for %(name)s (%(code)s) here on %(day)s.") % shown
        way_on = _("Ask the price office of the hospital; nothing is charged until a price is published.")
        raise PriceNotFound(
            violations=[Violation("PR-03", message, way_on, field=line.reference, source=_PUBLICITY)]
        )
    if len(best) > 1:
        shown["documents"] = ", ".join(sorted({price.document_number for price in best}))
        message = _("Two prices hold for %(name)s (%(code)s) on %(day)s: %(documents)s.") % shown
        way_on = _("The price office must say which of them holds.")
        raise TwoPricesInForce(
            violations=[Violation("PR-04", message, way_on, field=line.reference, source=_OURS)]
        )
    return best[0]
