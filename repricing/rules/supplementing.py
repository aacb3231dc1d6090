"""The lines of a supplementary bill: each the difference of one charge, on the price that was right."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kernel.money import ZERO
from pricing.rules.facts import Quote, QuotedLine, Step

_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Supplemented:
    """A charge that was too low: what it is called, what it was, what is right, and by which price."""

    reference: str
    item_code: str
    name: str
    name_en: str
    specification: str
    unit: str
    insurance_code: str
    insurance_class: str
    charge_type: str
    standing: Decimal
    right: Decimal
    price_id: int
    document_id: int
    document_number: str
    bill_number: str
    """Of the bill it was charged on."""


def supplement(charges: Sequence[Supplemented], revision_number: str) -> Quote:
    """One line for each charge; the steps lead from the right amount to the difference."""
    lines = tuple(_line(charge, revision_number) for charge in charges)
    return Quote(lines, sum((line.amount for line in lines), ZERO))


def _line(charge: Supplemented, revision_number: str) -> QuotedLine:
    difference = charge.right - charge.standing
    return QuotedLine(
        reference=charge.reference,
        item_code=charge.item_code,
        name=f"{charge.name}（更正补差）"[:150],
        name_en=f"{charge.name_en} (difference of a corrected price)"[:200],
        specification=charge.specification,
        specification_en=charge.specification,
        unit=charge.unit,
        unit_en=charge.unit,
        quantity=_ONE,
        unit_price=difference,
        amount=difference,
        price_id=charge.price_id,
        document_id=charge.document_id,
        document_number=charge.document_number,
        document_title="",
        document_title_en="",
        document_issuer="",
        document_issuer_en="",
        evidence_grade="",
        insurance_code=charge.insurance_code,
        insurance_class=charge.insurance_class,
        self_pay_rate=None,
        charge_type=charge.charge_type,
        steps=(
            Step(
                f"按更正后的价格（{charge.document_number}，调价单 {revision_number}）",
                f"By the corrected price ({charge.document_number}, revision {revision_number})",
                charge.right,
            ),
            Step(
                f"已在账单 {charge.bill_number} 收取",
                f"Charged already on bill {charge.bill_number}",
                -charge.standing,
            ),
        ),
    )
