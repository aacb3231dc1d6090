"""Surcharges, reductions and extensions: lines that stand on, or in the place of, a main line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.errors import Text, Violation
from pricing.rules.amounts import NOTHING, Asked, Charge
from pricing.rules.errors import (
    ExtensionWithMain,
    MainLineMissing,
    PricingRefused,
    ReductionTooLarge,
    SurchargeNotTaken,
)
from pricing.rules.facts import ItemFact, PriceFact, ServiceLine
from pricing.rules.kinds import ItemKind

_GUIDES = "立项指南 as loaded by provinces (S12, S14, S21)"


@dataclass(frozen=True, slots=True)
class MainLine:
    """A priced line that others may hang on."""

    line: ServiceLine
    item: ItemFact
    price: PriceFact
    charge: Charge


def main_of(line: ServiceLine, item: ItemFact, mains: Mapping[str, MainLine]) -> MainLine:
    """PR-07: a surcharge or reduction hangs on its main line and is for no more units than that has.

    An extension of the main item stands in its place.

    Raises:
        MainLineMissing: it hangs on nothing, on another item, or on more than is there.

    Source: 立项指南 as loaded by provinces (S12, S21).
    """
    main = mains.get(line.main_reference or "")
    of_this = main is not None and item.main_code in {main.item.code, main.item.main_code}
    if main is None or not of_this:
        message = _("%(name)s is charged only together with its main item (%(code)s).") % {
            "name": item.name,
            "code": item.main_code or "",
        }
        raise _missing(line, message, _("Add the main item, and say that this line belongs to it."))
    if line.quantity > main.line.quantity:
        shown = {"name": item.name, "quantity": line.quantity, "most": main.line.quantity}
        message = _("%(name)s is asked for %(quantity)s, but its main item only for %(most)s.") % shown
        raise _missing(line, message, _("Lower the quantity to that of the main item."))
    return main


def check_once(line: ServiceLine, item: ItemFact, seen: set[tuple[str, str]]) -> None:
    """PR-07: each surcharge hangs at most once on a main line.

    Raises:
        MainLineMissing: a second time.

    Source: third-party rule table (S21): each surcharge at most once per item.
    """
    pair = (line.main_reference or "", item.code)
    if pair in seen:
        message = _("%(name)s is charged at most once for each main item.") % {"name": item.name}
        raise _missing(line, message, _("Leave the second one out."))
    seen.add(pair)


def check_taken(line: ServiceLine, item: ItemFact, main: MainLine) -> None:
    """PR-32: where the tariff says so, nothing may be added to a price.

    Raises:
        SurchargeNotTaken: the main line's price takes no surcharge.

    Source: 闽医保〔2026〕45号 as quoted in S12: 乳牙拔除 takes no child surcharge.
    """
    if item.kind is ItemKind.SURCHARGE and not main.price.takes_surcharges:
        shown = {"name": item.name, "number": main.price.document_number}
        message = _("By %(number)s nothing may be added here, so %(name)s is not charged.") % shown
        way_on = _("Leave this line out.")
        raise SurchargeNotTaken(
            violations=[
                Violation("PR-32", message, way_on, field=line.reference, source=main.price.document_number)
            ]
        )


def check_not_both(line: ServiceLine, item: ItemFact, lines: Iterable[ServiceLine]) -> None:
    """PR-08: an extension replaces its main item; both are never charged together.

    Raises:
        ExtensionWithMain: the main item is asked for, too.

    Source: 立项指南 as loaded by provinces (S12, S14, S15).
    """
    if any(other.item_code == item.main_code for other in lines):
        message = _("%(name)s replaces its main item (%(code)s); both together are not charged.") % {
            "name": item.name,
            "code": item.main_code or "",
        }
        way_on = _("Leave one of the two out.")
        raise ExtensionWithMain(
            violations=[Violation("PR-08", message, way_on, field=line.reference, source=_GUIDES)]
        )


def on_base(asked: Asked, main: MainLine) -> Asked:
    """The rate of a surcharge or reduction is of the main line's unit price, never of another surcharge.

    Source: usage notes of the guides, general knowledge: each is computed on the base and then summed.
    """
    return replace(asked, base=main.charge.unit, base_name=(main.item.name, main.item.name_en))


def too_large(main: MainLine, main_amount: Decimal, taken_off: Decimal) -> PricingRefused | None:
    """PR-33: no more is taken off than the main line costs.

    Source: our rule: a charge is never negative.
    """
    if main_amount + taken_off >= NOTHING:
        return None
    message = _("More would be taken off %(name)s than it costs.") % {"name": main.item.name}
    source = "our rule: a charge is never negative"
    return ReductionTooLarge(
        violations=[
            Violation("PR-33", message, _("Leave a reduction out."), field=main.line.reference, source=source)
        ]
    )


def _missing(line: ServiceLine, message: Text, way_on: Text) -> MainLineMissing:
    violation = Violation("PR-07", message, way_on, field=line.reference, source=_GUIDES)
    return MainLineMissing(violations=[violation])
