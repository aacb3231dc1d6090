"""Facts with believable values, to be varied by each test."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from pricing.rules import ItemFact, PriceFact, QuoteContext, ServiceLine, TariffFacts
from pricing.rules.codes import ONLINE_REVISIT, ORDINARY_OUTPATIENT

DAY = date(2026, 3, 16)

ORDINARY = ItemFact(
    code=ORDINARY_OUTPATIENT,
    name="普通门诊诊查费",
    name_en="Ordinary outpatient consultation",
    unit="次",
    unit_en="visit",
    insurance_code=ORDINARY_OUTPATIENT,
    charge_type="02",
)
REVISIT = replace(
    ORDINARY,
    code=ONLINE_REVISIT,
    name="互联网复诊",
    name_en="Online re-diagnosis",
    priced_as=ORDINARY_OUTPATIENT,
)

CONTEXT = QuoteContext(
    service_on=DAY, region_code="330100", institution_id=7, institution_level=3, ownership="public"
)

_PRICE = PriceFact(
    item_code=ORDINARY_OUTPATIENT,
    amount=Decimal("10.000000"),
    region_code="330100",
    institution_id=None,
    institution_level=3,
    title=None,
    insurance_class="01",
    self_pay_rate=Decimal("0.0000"),
    begin=date(2026, 1, 1),
    end=None,
    price_id=1,
    document_id=11,
    document_number="某医保发〔2025〕1号",
    document_title="价目",
    document_title_en="Price list",
    document_issuer="某市医疗保障局",
    document_issuer_en="Healthcare Security Bureau",
    evidence_grade="A",
)


def price(amount: str = "10", **changed: Any) -> PriceFact:
    """A price of the ordinary outpatient consultation; ``amount`` in yuan."""
    return replace(_PRICE, amount=Decimal(amount), **changed)


def line(code: str = ORDINARY_OUTPATIENT, quantity: str = "1", reference: str = "1") -> ServiceLine:
    """A line of one unit."""
    return ServiceLine(reference, code, Decimal(quantity))


def facts(*prices: PriceFact, items: tuple[ItemFact, ...] = (ORDINARY, REVISIT)) -> TariffFacts:
    """Both consultations, and the prices given."""
    return TariffFacts.of(items, prices)
