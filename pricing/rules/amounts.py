"""From what a price row says to what one line costs, before caps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.errors import Text, Violation
from kernel.money import to_unit_price
from pricing.rules import steps
from pricing.rules.errors import MeasureMissing, OutsideBands, PriceNotFound
from pricing.rules.facts import Band, ItemFact, PriceFact, QuoteContext, ServiceLine, Step
from pricing.rules.kinds import AmountKind, BandAxis

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Charge:
    """What a line costs before caps and rounding."""

    unit: Decimal
    """Yuan for one unit; surcharges and reductions are computed on it."""
    whole: Decimal | None
    """Yuan for the whole line where it is not charged by the unit, else None."""
    steps: tuple[Step, ...]
    """Sum to ``whole``, or to ``unit`` where that is None."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything that an amount may depend on."""

    line: ServiceLine
    item: ItemFact
    context: QuoteContext
    base: Decimal | None = None
    """Yuan of the unit that a rate is of; None where there is none."""
    base_name: tuple[str, str] = ("", "")
    is_base: bool = False
    """Whether the price is looked up as the base of another; a base has no base."""


def charge_of(price: PriceFact, asked: Asked) -> Charge:
    """What the line costs by this row.

    Raises:
        MeasureMissing: the row asks for a distance, time or body part that the line does not say.
        OutsideBands: no band of the row holds for the line.
        PriceNotFound: a rate without a base, or a row that does not say what its kind needs.
    """
    return _BY_KIND[price.kind](price, asked)


def _by_the_unit(price: PriceFact, asked: Asked) -> Charge:
    unit = _said(price.amount, price, asked)
    return Charge(unit, None, (steps.own_price(asked.item, price, unit),))


def _by_ceiling(price: PriceFact, asked: Asked) -> Charge:
    if price.maximum_rate is not None:
        return _by_rate(price, asked, price.maximum_rate)
    unit = _said(price.maximum, price, asked)
    return Charge(unit, None, (steps.own_price(asked.item, price, unit),))


def _by_percentage(price: PriceFact, asked: Asked) -> Charge:
    return _by_rate(price, asked, _said(price.rate, price, asked))


def _by_rate(price: PriceFact, asked: Asked, rate: Decimal) -> Charge:
    if asked.base is None:
        raise PriceNotFound(violations=[_no_base(price, asked)])
    unit = to_unit_price(rate * asked.base)
    return Charge(unit, None, (steps.rate_of_base(asked.item, price, rate, unit, asked.base_name),))


def _by_bands(price: PriceFact, asked: Asked) -> Charge:
    if price.band_axis is BandAxis.COUNT:
        return _by_count(price, asked)
    band = _band_of(price, asked)
    return Charge(band.amount, None, (steps.band_price(asked.item, price, band),))


def _by_count(price: PriceFact, asked: Asked) -> Charge:
    """Each unit costs what the band of its ordinal says; a part of a unit costs that part."""
    quantity = asked.line.quantity
    parts = [(band, _overlap(band, quantity)) for band in price.bands]
    if sum((units for _band, units in parts), NOTHING) != quantity:
        raise OutsideBands(violations=[_outside(price, asked, quantity)])
    shown = tuple(steps.counted_units(asked.item, price, band, units) for band, units in parts if units)
    return Charge(price.bands[0].amount, sum((step.amount for step in shown), NOTHING), shown)


def _overlap(band: Band, quantity: Decimal) -> Decimal:
    """How many of the first ``quantity`` units lie in the band."""
    above = band.above or NOTHING
    end = quantity if band.up_to is None else min(quantity, band.up_to)
    return max(NOTHING, end - above)


def _base_and_further(price: PriceFact, asked: Asked) -> Charge:
    base = _said(price.amount, price, asked)
    included = _said(price.included_quantity, price, asked)
    further = asked.line.quantity - included
    first = steps.base_units(asked.item, price, included, base)
    if further <= 0:
        return Charge(base, base, (first,))
    each = _further(price, base, asked)
    more = steps.further_units(asked.item, further, each)
    return Charge(base, base + more.amount, (first, more))


def _further(price: PriceFact, base: Decimal, asked: Asked) -> Decimal:
    """Yuan of one further unit."""
    if price.further_rate is not None:
        return to_unit_price(base * price.further_rate)
    return _said(price.further_amount, price, asked)


def _band_of(price: PriceFact, asked: Asked) -> Band:
    if price.band_axis is BandAxis.BODY_PART:
        part = asked.line.body_part
        if not part:
            raise MeasureMissing(violations=[_measure_missing(price, asked)])
        found = [band for band in price.bands if band.key == part]
        measured: Decimal | str = part
    else:
        distance = price.band_axis is BandAxis.DISTANCE
        measure = asked.line.distance_km if distance else asked.line.duration_minutes
        if measure is None or not measure.is_finite() or measure < 0:
            raise MeasureMissing(violations=[_measure_missing(price, asked)])
        found = [band for band in price.bands if is_in(band, measure)]
        measured = measure
    if len(found) != 1:
        raise OutsideBands(violations=[_outside(price, asked, measured)])
    return found[0]


def is_in(band: Band, measure: Decimal) -> bool:
    """Whether (above, up to] holds the measure; a band from zero holds zero, too."""
    above_it = band.above is None or measure > band.above or (measure == 0 == band.above)
    return above_it and (band.up_to is None or measure <= band.up_to)


def _said(value: Decimal | None, price: PriceFact, asked: Asked) -> Decimal:
    """What the kind of amount needs; the database makes sure that it is there, facts from elsewhere may lack it."""
    if value is None:
        raise PriceNotFound(violations=[_no_amount(price, asked)])
    return value


def _measure_missing(price: PriceFact, asked: Asked) -> Violation:
    """PR-31: a price by distance, time or body part is charged only where that is known.

    Source: our rule: what is not known is not guessed.
    """
    message: Text = {
        BandAxis.DISTANCE: _("The price of %(name)s goes by distance; the distance is missing."),
        BandAxis.DURATION: _("The price of %(name)s goes by time; the number of minutes is missing."),
        BandAxis.BODY_PART: _("The price of %(name)s goes by body part; the body part is missing."),
    }[price.band_axis or BandAxis.DISTANCE] % {"name": asked.item.name}
    source = "our rule: what is not known is not guessed"
    return Violation("PR-31", message, _("Say it and ask again."), field=asked.line.reference, source=source)


def _outside(price: PriceFact, asked: Asked, measured: Decimal | str) -> Violation:
    """PR-30: outside every band of the tariff there is no price, e.g. beyond the city.

    Source: published tariffs end at the limit of the city (S23); no price is never zero.
    """
    shown = {"name": asked.item.name, "measure": measured, "number": price.document_number}
    message = _("%(number)s sets no price of %(name)s for %(measure)s.") % shown
    way_on = _("Ask the hospital; outside its tariff nothing can be charged.")
    return Violation("PR-30", message, way_on, field=asked.line.reference, source=price.document_number)


def _no_base(price: PriceFact, asked: Asked) -> Violation:
    shown = {"name": asked.item.name, "number": price.document_number}
    message = _("The price of %(name)s is a part of another price, and that one is not known.") % shown
    way_on = _("Ask the price office of the hospital; nothing is charged until a price is published.")
    return Violation("PR-03", message, way_on, field=asked.line.reference, source=price.document_number)


def _no_amount(price: PriceFact, asked: Asked) -> Violation:
    shown = {"name": asked.item.name, "number": price.document_number}
    message = _("%(number)s says no amount for %(name)s.") % shown
    way_on = _("Ask the price office of the hospital; nothing is charged until a price is published.")
    return Violation("PR-03", message, way_on, field=asked.line.reference, source=price.document_number)


def _nothing_said(price: PriceFact, asked: Asked) -> Charge:
    """A range and a self-set price are no amount: where the institution itself wrote one, it published nothing."""
    raise PriceNotFound(violations=[_no_amount(price, asked)])


_BY_KIND: Mapping[AmountKind, Callable[[PriceFact, Asked], Charge]] = {
    AmountKind.FIXED: _by_the_unit,
    AmountKind.HOURLY: _by_the_unit,
    AmountKind.CEILING: _by_ceiling,
    AmountKind.PERCENTAGE: _by_percentage,
    AmountKind.TIERED: _by_bands,
    AmountKind.BASE_AND_FURTHER: _base_and_further,
    AmountKind.RANGE: _nothing_said,
    AmountKind.SELF_SET: _nothing_said,
}
