"""Tariff documents, items and prices with believable values."""

from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from django.db.backends.postgresql.psycopg_any import DateRange

from pricing.models import (
    Category,
    ChargeType,
    EvidenceGrade,
    InsuranceClass,
    Price,
    PriceItem,
    TariffDocument,
)

RECORDED_AT = datetime(2025, 12, 1, 2, 0, tzinfo=UTC)


class TariffDocumentFactory(factory.django.DjangoModelFactory[TariffDocument]):
    """A demonstration document of the demo province, in force from 2026 on."""

    class Meta:
        model = TariffDocument

    number = factory.Sequence(lambda index: f"演医保发〔2025〕{index + 100}号")
    title = "演示价目"
    title_en = "Demonstration price list"
    issuer = "演示省医疗保障局"
    issuer_en = "Demo Province Healthcare Security Administration"
    region_code = "330000"
    issued_on = date(2025, 12, 1)
    effective = DateRange(date(2026, 1, 1), None)
    evidence = EvidenceGrade.DEMONSTRATION
    found_at = "tests"
    recorded_at = RECORDED_AT


class PriceItemFactory(factory.django.DjangoModelFactory[PriceItem]):
    """A visit of some kind."""

    class Meta:
        model = PriceItem
        skip_postgeneration_save = True

    code = factory.Sequence(lambda index: f"ITEM{index:05d}")
    name = factory.LazyAttribute(lambda item: f"项目 {item.code}")
    name_en = factory.LazyAttribute(lambda item: f"Item {item.code}")
    category = Category.CONSULTATION
    unit = "次"
    unit_en = "visit"
    charge_type = ChargeType.CONSULTATION

    @factory.post_generation
    def found_by_search(obj: PriceItem, create: bool, extracted: object, **kwargs: object) -> None:  # noqa: N805
        """Derive the search key, as the loader and the admin do."""
        obj.renew_search_key()
        if create:
            obj.save(update_fields=["search_key"])


class PriceFactory(factory.django.DjangoModelFactory[Price]):
    """Ten yuan, class 甲, at tertiary institutions of the demo province from 2026 on."""

    class Meta:
        model = Price

    item = factory.SubFactory(PriceItemFactory)
    document = factory.SubFactory(TariffDocumentFactory)
    region_code = "330000"
    institution_level = 3
    amount = Decimal("10.00")
    insurance_class = InsuranceClass.A
    self_pay_rate = Decimal(0)
    effective = DateRange(date(2026, 1, 1), None)
    recorded_at = RECORDED_AT
