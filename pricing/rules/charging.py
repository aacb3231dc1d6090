"""The numbered refusals before any price is looked up: item, service, quantity."""

from decimal import Decimal
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation
from pricing.rules.errors import ItemAbolished, ItemUnknown, QuantityNotChargeable, ServiceNotOpened
from pricing.rules.facts import DEMONSTRATION, ItemFact, OpeningFact, QuoteContext, ServiceLine, TariffFacts
from pricing.rules.kinds import CLOSED_UNTIL_OPENED
from pricing.rules.lookup import is_listed, regions_around

_TOO_MANY = 1_000_000
"""Units of one line; below it every product of a quantity and a price is exact."""
_OURS = "our rule: what cannot be traced to a document is not charged"
_ONLY_REVISITS = "reply of the National Healthcare Security Administration, 2023-12-15 (SEED1)"


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


def check_not_abolished(line: ServiceLine, item: ItemFact, context: QuoteContext, facts: TariffFacts) -> None:
    """PR-05: an abolished item is not charged any more; its successor is.

    Raises:
        ItemAbolished: a document has abolished it here; the way on names the successor.

    Source: provincial documents with tables of abolished items and their mapping (S9, S10).
    """
    around = regions_around(context.region_code)
    for each in facts.successions:
        if each.item_code == item.code and each.region_code in around and each.from_on <= context.service_on:
            shown = {"name": item.name, "code": item.code, "number": each.document_number}
            message = _("%(number)s has abolished %(name)s (%(code)s).") % shown
            successor = facts.items.get(each.successor_code or "")
            way_on = (
                _("Charge %(name)s (%(code)s) instead.") % {"name": successor.name, "code": successor.code}
                if successor
                else _("Nothing is charged instead.")
            )
            raise ItemAbolished(
                violations=[
                    Violation("PR-05", message, way_on, field=line.reference, source=each.document_number)
                ]
            )


def check_opened(line: ServiceLine, item: ItemFact, context: QuoteContext, facts: TariffFacts) -> None:
    """PR-06: a first visit online and an Internet pharmacy clinic are charged only where a document opens them.

    Raises:
        ServiceNotOpened: no document in force opens the service for the region.

    Source: reply of the National Healthcare Security Administration, 2023-12-15 (SEED1): open for re-diagnosis only.
    """
    if item.service not in CLOSED_UNTIL_OPENED:
        return
    if any(each.service is item.service and _opens(each, context) for each in facts.openings):
        return
    message = _("No document has opened %(name)s here on %(day)s.") % {
        "name": item.name,
        "day": context.service_on.isoformat(),
    }
    way_on = _("Online re-diagnosis and visits at the hospital are open.")
    raise ServiceNotOpened(
        violations=[Violation("PR-06", message, way_on, field=line.reference, source=_ONLY_REVISITS)]
    )


def _opens(opening: OpeningFact, context: QuoteContext) -> bool:
    return (
        opening.begin <= context.service_on
        and (opening.end is None or context.service_on < opening.end)
        and opening.region_code in regions_around(context.region_code)
        and (opening.evidence_grade == DEMONSTRATION) is context.is_demonstration
    )


def check_quantity(line: ServiceLine, item: ItemFact) -> None:
    """PR-02: a quantity is more than zero, below a million, and has no more decimals than its unit allows.

    Raises:
        QuantityNotChargeable: it is not.

    Source: our rule: a part of a unit is charged only where the item says so.
    """
    quantity = line.quantity
    is_within = quantity.is_finite() and 0 < quantity < _TOO_MANY
    if is_within and _decimals_of(quantity) <= item.quantity_decimals:
        return
    shown = {"quantity": quantity, "unit": item.unit, "name": item.name}
    message = _("A quantity of %(quantity)s (%(unit)s) cannot be charged for %(name)s.") % shown
    way_on = _(
        "Give a quantity above zero and below a million, in whole units or with the decimals that the item allows."
    )
    raise QuantityNotChargeable(
        violations=[Violation("PR-02", message, way_on, field=line.reference, source=_OURS)]
    )


@lru_cache(maxsize=4096)
def _decimals_of(quantity: Decimal) -> int:
    """Decimals that count: 2, 2.0 and 2E+1 have none."""
    exponent = quantity.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
