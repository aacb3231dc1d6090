"""The one price that is charged: the regulator's, or the institution's own within it."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation
from pricing.rules.amounts import Asked, Charge, charge_of
from pricing.rules.errors import (
    AboveCeiling,
    MeasureMissing,
    PriceNotFound,
    SelfSetNotPublished,
    TwoPricesInForce,
)
from pricing.rules.facts import ItemFact, PriceFact, QuoteContext, TariffFacts
from pricing.rules.kinds import AmountKind
from pricing.rules.lookup import holds, most_specific

_OURS = "our rule: what cannot be traced to a document is not charged"
_PUBLICITY = "价格法 (posted prices); 医保发〔2019〕47号 as reported in S1, S2, S4"
_CEILINGS = "医保发〔2019〕47号: the province sets the ceiling, floating down is free (general knowledge)"
LEFT_TO_HOSPITALS = frozenset({"onsite_fee", "consumable", "delivery", "transport", "drug"})
"""Categories that no regulator prices item by item, so that a public hospital's own price may stand alone.

Source: SEED1 (the on-site fee; drugs and consumables by the institution's price policy); delivery and transport are
no medical services. Whatever else a public hospital charges, a regulator's document prices it or leaves it to the
hospital (医保发〔2019〕47号, general knowledge; facts 4.27: an expired item is not charged).
"""
_ASKS_FOR_OWN = {AmountKind.RANGE, AmountKind.SELF_SET}


def charged_price(asked: Asked, facts: TariffFacts, *, title: str | None) -> tuple[PriceFact, Charge]:
    """The row that holds for the item here, on this day, for this title, and what the line costs by it.

    Of the rows that hold the most specific one counts. A public institution's own price is charged within what
    the regulator sets: never above an amount or a ceiling, inside a range. An institution that is not public
    charges its own published price.

    Raises:
        PriceNotFound, TwoPricesInForce, SelfSetNotPublished, AboveCeiling: see each rule.
        MeasureMissing, OutsideBands: see ``pricing.rules.amounts``.
    """
    own, common = _holding(asked, facts, title)
    if own is None:
        return _regulated(asked, common, facts)
    if own.kind is AmountKind.SELF_SET:
        raise _by_schedule(asked, own)
    charge = charge_of(own, _with_base(asked, own, facts))
    if common is not None:
        _check_within(charge, own, common, asked, facts)
    elif asked.context.ownership == "public" and asked.item.category not in LEFT_TO_HOSPITALS:
        raise _not_found(asked)
    return own, charge


def _holding(
    asked: Asked, facts: TariffFacts, title: str | None
) -> tuple[PriceFact | None, PriceFact | None]:
    """The institution's own price and the regulator's, where they hold."""
    own: list[PriceFact] = []
    common: list[PriceFact] = []
    for price in facts.prices.get(asked.item.code, ()):
        if holds(price, asked.context, title, line=asked.line):
            (common if price.institution_id is None else own).append(price)
    return _only(own, asked), _only(common, asked)


def _only(holding: Sequence[PriceFact], asked: Asked) -> PriceFact | None:
    """PR-04: one price of an item holds; two that are equally specific are for the price office to settle.

    Source: our rule: what cannot be traced to a document is not charged.
    """
    best = most_specific(holding, asked.context)
    if len(best) < 2:
        return best[0] if best else None
    shown = _shown(asked.item, asked.context)
    shown["documents"] = ", ".join(sorted({price.document_number for price in best}))
    message = _("Two prices hold for %(name)s (%(code)s) on %(day)s: %(documents)s.") % shown
    way_on = _("The price office must say which of them holds.")
    raise TwoPricesInForce(
        violations=[Violation("PR-04", message, way_on, field=asked.line.reference, source=_OURS)]
    )


def _regulated(asked: Asked, common: PriceFact | None, facts: TariffFacts) -> tuple[PriceFact, Charge]:
    """What is charged where the institution has published nothing of its own."""
    if common is None:
        if asked.context.ownership == "public":
            raise _not_found(asked)
        raise _not_published(asked, _PUBLICITY)
    is_open = common.kind is AmountKind.CEILING and not asked.context.ceiling_is_charged
    if is_open or common.kind in _ASKS_FOR_OWN:
        raise _not_published(asked, common.document_number)
    return common, charge_of(common, _with_base(asked, common, facts))


def _not_found(asked: Asked) -> PriceNotFound:
    """PR-03: a price that no document sets is not charged; a missing price is never zero.

    Source: 价格法 (posted prices); 医保发〔2019〕47号 as reported in S1, S2, S4.
    """
    message = _("No document sets a price for %(name)s (%(code)s) here on %(day)s.") % _shown(
        asked.item, asked.context
    )
    way_on = _("Ask the price office of the hospital; nothing is charged until a price is published.")
    violation = Violation("PR-03", message, way_on, field=asked.line.reference, source=_PUBLICITY)
    return PriceNotFound(violations=[violation])


def _not_published(asked: Asked, source: str) -> SelfSetNotPublished:
    """PR-09: what the hospital sets itself is charged only as it has published it.

    Source: 自主定价 items (S15); notice of a self-set fee (S23).
    """
    shown = _shown(asked.item, asked.context)
    message = _(
        "The hospital sets the price of %(name)s (%(code)s) itself and has published none for %(day)s."
    )
    way_on = _("Ask the price office of the hospital; nothing is charged until a price is published.")
    violation = Violation("PR-09", message % shown, way_on, field=asked.line.reference, source=source)
    return SelfSetNotPublished(violations=[violation])


def _by_schedule(asked: Asked, own: PriceFact) -> MeasureMissing:
    """PR-59: an on-site fee is charged as its schedule works it out for the visit, never by a bare line.

    Source: S23, a fee by distance; SEED1: set by the hospital itself.
    """
    message = _("What %(name)s (%(code)s) costs depends on the visit: how far, who comes, when and how long.")
    way_on = _("Ask for the price of the whole home visit.")
    shown = _shown(asked.item, asked.context)
    violation = Violation(
        "PR-59", message % shown, way_on, field=asked.line.reference, source=own.document_number
    )
    return MeasureMissing(violations=[violation])


def _check_within(
    charge: Charge, own: PriceFact, common: PriceFact, asked: Asked, facts: TariffFacts
) -> None:
    """PR-10: a public institution's own price stays within what the regulator sets.

    Source: 医保发〔2019〕47号: the province sets the ceiling, floating down is free (general knowledge, to be checked);
    知名专家 100–300 (S25).
    """
    if asked.context.ownership != "public" or common.kind is AmountKind.SELF_SET:
        return
    lowest, highest = limits_of(common, asked, facts)
    mine = charge.unit * asked.line.quantity if charge.whole is None else charge.whole
    if lowest <= mine <= highest:
        return
    shown = {"name": asked.item.name, "own": own.document_number, "number": common.document_number}
    message = _("The hospital's own price of %(name)s (%(own)s) is outside what %(number)s allows.") % shown
    way_on = _("The price office must publish a price within the limits.")
    violation = Violation("PR-10", message, way_on, field=asked.line.reference, source=_CEILINGS)
    raise AboveCeiling(violations=[violation])


def limits_of(common: PriceFact, asked: Asked, facts: TariffFacts) -> tuple[Decimal, Decimal]:
    """Least and most yuan that the regulator's row allows for the line."""
    if common.kind is AmountKind.RANGE:
        least, most = common.minimum or Decimal(0), common.maximum or Decimal(0)
        return least * asked.line.quantity, most * asked.line.quantity
    charge = charge_of(common, _with_base(asked, common, facts))
    return Decimal(0), charge.unit * asked.line.quantity if charge.whole is None else charge.whole


def _with_base(asked: Asked, price: PriceFact, facts: TariffFacts) -> Asked:
    """Look up the item that a rate is of, where the row names one."""
    if price.base_code is None:
        return asked
    base = facts.items.get(price.base_code)
    if base is None or asked.is_base:
        return replace(asked, base=None)
    of_base = replace(asked, item=base, base=None, is_base=True)
    _row, charge = charged_price(of_base, facts, title=asked.context.practitioner_title)
    return replace(asked, base=charge.unit, base_name=(base.name, base.name_en))


def _shown(item: ItemFact, context: QuoteContext) -> dict[str, str]:
    return {"name": item.name, "code": item.code, "day": context.service_on.isoformat()}
