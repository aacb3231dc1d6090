"""The quote: what each line costs here on this day, and why."""

from collections.abc import Sequence
from decimal import Decimal

from kernel.money import ZERO
from pricing.rules import charging, hanging, steps
from pricing.rules.amounts import Asked, Charge
from pricing.rules.between import check_between
from pricing.rules.caps import capped, has_cap
from pricing.rules.choosing import charged_price
from pricing.rules.codes import ORDINARY_OUTPATIENT
from pricing.rules.errors import PricingRefused, refuse_all
from pricing.rules.facts import (
    ChargedLine,
    ItemFact,
    PriceFact,
    Quote,
    QuoteContext,
    QuotedLine,
    ServiceLine,
    TariffFacts,
)
from pricing.rules.hanging import MainLine
from pricing.rules.kinds import ItemKind, Service
from pricing.rules.lines import quoted_line

_HANGING = (ItemKind.SURCHARGE, ItemKind.REDUCTION)


def quote(lines: Sequence[ServiceLine], context: QuoteContext, facts: TariffFacts) -> Quote:
    """Price every line by the one price that holds for it; the same arguments give the same quote for ever.

    An online re-diagnosis is charged at the price of the ordinary outpatient consultation without regard to the
    title of the practitioner. Surcharges and reductions are computed on their main line's unit price. Each line is
    rounded half up to the fen, and the total is the sum of the lines. Rules between lines are looked at when every
    line has its price.

    Raises:
        PricingRefused: the class of the first refused line (see ``pricing.rules.errors``); ``violations`` names
            every refused line by its reference, and every broken rule between lines.

    Source: 医保发〔2019〕47号 and 〔2020〕45号; rounding of each line is our choice, see docs/algorithms/pricing.md.
    """
    order = _Order(lines, context, facts)
    for line in lines:
        order.price(line)
    for line in lines:
        order.price_hanging(line)
    order.check_reductions()
    refuse_all(order.refusals)
    quoted = tuple(order.quoted[line.reference] for line in lines)
    check_between(lines, context, facts, {line.reference: line.amount for line in quoted})
    return Quote(quoted, sum((line.amount for line in quoted), ZERO))


class _Order:
    """The lines of one quote while they are being priced."""

    def __init__(self, lines: Sequence[ServiceLine], context: QuoteContext, facts: TariffFacts) -> None:
        self.lines = lines
        self.context = context
        self.facts = facts
        self.quoted: dict[str, QuotedLine] = {}
        self.mains: dict[str, MainLine] = {}
        self.refusals: list[PricingRefused] = []
        self.hanging: set[tuple[str, str]] = set()
        self.before: dict[str, list[ChargedLine]] = {}

    def price(self, line: ServiceLine) -> None:
        """A line that stands by itself; others are left for later, what is wrong with any is kept."""
        try:
            item = self._item(line)
            if item.kind in _HANGING:
                return
            if item.kind is ItemKind.EXTENSION:
                hanging.check_not_both(line, item, self.lines)
            self._charge_standing(line, item)
        except PricingRefused as refusal:
            self.refusals.append(refusal)

    def price_hanging(self, line: ServiceLine) -> None:
        """A surcharge or reduction, once its main line has a price."""
        item = self.facts.items.get(line.item_code)
        if item is None or item.kind not in _HANGING or self._is_refused(line):
            return
        try:
            main = hanging.main_of(line, item, self.mains)
            hanging.check_once(line, item, self.hanging)
            hanging.check_taken(line, item, main)
            asked = hanging.on_base(Asked(line, item, self.context), main)
            price, charge = charged_price(asked, self.facts, title=self.context.practitioner_title)
            charge = self._capped(charge, price, item, line)
            self._keep(line, item, price, charge)
        except PricingRefused as refusal:
            self.refusals.append(refusal)

    def check_reductions(self) -> None:
        """No more is taken off a main line than it costs; surcharges make no room for it."""
        for reference, main in self.mains.items() if self.hanging else ():
            taken_off = sum(
                (
                    line.amount
                    for line in self.quoted.values()
                    if line.amount < 0 and line.main_reference == reference
                ),
                ZERO,
            )
            refusal = (
                hanging.too_large(main, self.quoted[reference].amount, taken_off) if taken_off < 0 else None
            )
            if refusal:
                self.refusals.append(refusal)

    def _item(self, line: ServiceLine) -> ItemFact:
        item = charging.check_item(line, self.context, self.facts)
        charging.check_not_abolished(line, item, self.context, self.facts)
        charging.check_opened(line, item, self.context, self.facts)
        charging.check_quantity(line, item)
        return item

    def _charge_standing(self, line: ServiceLine, item: ItemFact) -> None:
        basis = self._basis(line, item)
        if basis is not item:
            charging.check_not_abolished(line, basis, self.context, self.facts)
        title = self.context.practitioner_title if basis is item or item.kind is ItemKind.EXTENSION else None
        price, charge = charged_price(Asked(line, basis, self.context), self.facts, title=title)
        if basis is not item:
            shown = steps.of_basis(item, basis, price, charge.steps, self.context)
            charge = Charge(charge.unit, charge.whole, shown)
        charge = self._capped(charge, price, item, line)
        self.mains[line.reference] = MainLine(line, item, price, charge)
        self._keep(line, item, price, charge)

    def _basis(self, line: ServiceLine, item: ItemFact) -> ItemFact:
        """The item at whose price the line is charged.

        PR-15: an online re-diagnosis costs what the ordinary outpatient consultation costs; where a tariff lists
        an amount of its own and no ordinary price is known, the listed one is charged.

        Source: 医保发〔2020〕45号, as reported in S5.
        """
        if item.kind is ItemKind.EXTENSION:
            return charging.check_item(line, self.context, self.facts, code=item.main_code)
        if item.priced_as is not None:
            return charging.check_item(line, self.context, self.facts, code=item.priced_as)
        if item.service is Service.ONLINE_REVISIT and ORDINARY_OUTPATIENT in self.facts.prices:
            return self.facts.items.get(ORDINARY_OUTPATIENT, item)
        return item

    def _capped(self, charge: Charge, price: PriceFact, item: ItemFact, line: ServiceLine) -> Charge:
        if not has_cap(price):
            return charge
        return capped(charge, price, item, line, self.context, self._before(item.code))

    def _before(self, code: str) -> list[ChargedLine]:
        """Lines of the item that were charged before, or stand earlier in this order."""
        if code not in self.before:
            self.before[code] = [line for line in self.facts.charged if line.item_code == code]
        return self.before[code]

    def _keep(self, line: ServiceLine, item: ItemFact, price: PriceFact, charge: Charge) -> None:
        quoted = quoted_line(line, item, price, charge)
        self.quoted[line.reference] = quoted
        if has_cap(price):
            self._before(item.code).append(_as_charged(line, quoted.amount, self.context))

    def _is_refused(self, line: ServiceLine) -> bool:
        return any(
            violation.field == line.reference for refusal in self.refusals for violation in refusal.violations
        )


def _as_charged(line: ServiceLine, amount: Decimal, context: QuoteContext) -> ChargedLine:
    return ChargedLine(
        item_code=line.item_code,
        quantity=line.quantity,
        amount=amount,
        service_on=context.service_on,
        encounter=context.encounter,
        performed_at=line.performed_at,
        course=line.course,
    )
