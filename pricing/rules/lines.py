"""A priced line put together."""

from decimal import Decimal

from kernel.money import to_yuan
from pricing.rules.amounts import Charge
from pricing.rules.facts import ItemFact, PriceFact, QuotedLine, ServiceLine, Step
from pricing.rules.kinds import ItemKind
from pricing.rules.wording import exact_yuan

ONE = Decimal(1)
SELF_PAID = "03"
"""Insurance class 丙."""

NEVER_INSURABLE = frozenset({"onsite_fee", "consumable", "delivery", "transport"})
"""Categories that the fund never pays unless the price's document says so.

Source: 医保发〔2020〕45号 as reported in S5, S7 (delivery); the on-site fee is set by the hospital (SEED1, S23).
"""


def quoted_line(line: ServiceLine, item: ItemFact, price: PriceFact, charge: Charge) -> QuotedLine:
    """The line with its amount, half up to the fen; what is taken off is negative."""
    is_whole = charge.whole is not None
    sign = -1 if item.kind is ItemKind.REDUCTION else 1
    unit_price = exact_yuan(sign * (charge.unit if charge.whole is None else charge.whole))
    quantity = ONE if is_whole else line.quantity
    return QuotedLine(
        reference=line.reference,
        item_code=item.code,
        name=item.name,
        name_en=item.name_en,
        specification=item.specification,
        specification_en=item.specification_en,
        unit=item.unit,
        unit_en=item.unit_en,
        quantity=quantity,
        unit_price=unit_price,
        amount=to_yuan(unit_price * quantity),
        price_id=price.price_id,
        document_id=price.document_id,
        document_number=price.document_number,
        document_title=price.document_title,
        document_title_en=price.document_title_en,
        document_issuer=price.document_issuer,
        document_issuer_en=price.document_issuer_en,
        evidence_grade=price.evidence_grade,
        insurance_code=item.insurance_code,
        insurance_class=_class_of(item, price),
        self_pay_rate=price.self_pay_rate,
        charge_type=item.charge_type,
        steps=charge.steps if sign > 0 else tuple(_taken_off(step) for step in charge.steps),
        asked_quantity=line.quantity if is_whole else None,
        fund_amount=price.fund_amount,
        category=item.category,
        main_reference=line.main_reference,
        is_trial=price.is_trial,
        price_until=price.end,
    )


def _class_of(item: ItemFact, price: PriceFact) -> str:
    if not price.insurance_class and item.category in NEVER_INSURABLE:
        return SELF_PAID
    return price.insurance_class


def _taken_off(step: Step) -> Step:
    return Step(step.text, step.text_en, -step.amount, step.note, step.note_en)
