"""The quote: what each line costs here on this day, and why."""

from collections.abc import Sequence

from kernel.money import ZERO, to_yuan
from pricing.rules.charging import check_item, check_quantity, find_price
from pricing.rules.errors import PricingRefused, refuse_all
from pricing.rules.facts import (
    ItemFact,
    PriceFact,
    Quote,
    QuoteContext,
    QuotedLine,
    ServiceLine,
    Step,
    TariffFacts,
)
from pricing.rules.wording import steps_of


def quote(lines: Sequence[ServiceLine], context: QuoteContext, facts: TariffFacts) -> Quote:
    """Price every line by the one price that holds for it; the same arguments give the same quote for ever.

    An item that is ``priced_as`` another is charged at that item's price without regard to the title of the
    practitioner. Each line is rounded half up to the fen, and the total is the sum of the lines.

    Raises:
        ItemUnknown, PriceNotFound, TwoPricesInForce, QuantityNotChargeable: the class of the first refused
            line; ``violations`` names every refused line by its reference.

    Source: 医保发〔2019〕47号 and 〔2020〕45号; rounding of each line is our choice, see docs/algorithms/pricing.md.
    """
    quoted: list[QuotedLine] = []
    refusals: list[PricingRefused] = []
    for line in lines:
        try:
            quoted.append(_priced(line, context, facts))
        except PricingRefused as refusal:
            refusals.append(refusal)
    refuse_all(refusals)
    return Quote(tuple(quoted), sum((line.amount for line in quoted), ZERO))


def _priced(line: ServiceLine, context: QuoteContext, facts: TariffFacts) -> QuotedLine:
    item = check_item(line, context, facts)
    check_quantity(line, item)
    if item.priced_as is None:
        price = find_price(line, item, context, facts, title=context.practitioner_title)
        return _quoted(line, item, price, steps_of(item, price, context))
    basis = check_item(line, context, facts, code=item.priced_as)
    price = find_price(line, basis, context, facts, title=None)
    return _quoted(line, item, price, steps_of(item, price, context, basis=basis))


def _quoted(line: ServiceLine, item: ItemFact, price: PriceFact, steps: tuple[Step, ...]) -> QuotedLine:
    unit_price = sum((step.amount for step in steps), ZERO)
    return QuotedLine(
        reference=line.reference,
        item_code=item.code,
        name=item.name,
        name_en=item.name_en,
        specification=item.specification,
        specification_en=item.specification_en,
        unit=item.unit,
        unit_en=item.unit_en,
        quantity=line.quantity,
        unit_price=unit_price,
        amount=to_yuan(unit_price * line.quantity),
        price_id=price.price_id,
        document_id=price.document_id,
        document_number=price.document_number,
        document_title=price.document_title,
        document_title_en=price.document_title_en,
        document_issuer=price.document_issuer,
        document_issuer_en=price.document_issuer_en,
        evidence_grade=price.evidence_grade,
        insurance_code=item.insurance_code,
        insurance_class=price.insurance_class,
        self_pay_rate=price.self_pay_rate,
        charge_type=item.charge_type,
        steps=steps,
    )
