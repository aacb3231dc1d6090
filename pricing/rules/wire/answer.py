"""What a machine gets."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from pricing.rules.canonical import Asked, asked_text, digest_of, facts_text, quote_text
from pricing.rules.facts import DEMONSTRATION, Quote, QuoteContext, QuotedLine, ServiceLine, Step, TariffFacts

SCHEMA = "xinglin-quote/1"


def quote_document(
    lines: tuple[ServiceLine, ...], context: QuoteContext, facts: TariffFacts, quote: Quote
) -> dict[str, Any]:
    """The quote as plain JSON; every amount is text in yuan, ``total`` the sum of the lines' ``amount``.

    ``sha256`` is that of the quote with everything it was made of: a bill that charges it keeps the same.
    """
    texts = (asked_text(Asked(lines, context)), facts_text(facts), quote_text(quote))
    return {
        "schema": SCHEMA,
        "service_on": context.service_on.isoformat(),
        "region_code": context.region_code,
        "is_demonstration": context.is_demonstration,
        "lines": [_line(line) for line in quote.lines],
        "total": shown(quote.total),
        "sha256": digest_of(*texts),
    }


def shown(amount: Decimal | None) -> str | None:
    """A number as text, without an exponent."""
    return None if amount is None else f"{amount:f}"


def _line(line: QuotedLine) -> dict[str, Any]:
    return {
        "reference": line.reference,
        "main_reference": line.main_reference,
        "item_code": line.item_code,
        "name": line.name,
        "name_en": line.name_en,
        "specification": line.specification,
        "specification_en": line.specification_en,
        "category": line.category,
        "charge_type": line.charge_type,
        "unit": line.unit,
        "unit_en": line.unit_en,
        "quantity": shown(line.quantity),
        "asked_quantity": shown(line.quantity if line.asked_quantity is None else line.asked_quantity),
        "unit_price": shown(line.unit_price),
        "amount": shown(line.amount),
        "steps": [_step(step) for step in line.steps],
        "insurance_code": line.insurance_code,
        "insurance_class": line.insurance_class,
        "self_pay_rate": shown(line.self_pay_rate),
        "fund_amount": shown(line.fund_amount),
        "is_trial": line.is_trial,
        "price_id": line.price_id,
        "price_until": line.price_until.isoformat() if line.price_until else None,
        "document": _document(line),
    }


def _document(line: QuotedLine) -> dict[str, Any]:
    return {
        "number": line.document_number,
        "title": line.document_title,
        "title_en": line.document_title_en,
        "issuer": line.document_issuer,
        "issuer_en": line.document_issuer_en,
        "evidence_grade": line.evidence_grade,
        "is_demonstration": line.evidence_grade == DEMONSTRATION,
    }


def _step(step: Step) -> dict[str, Any]:
    return {**asdict(step), "amount": shown(step.amount)}
