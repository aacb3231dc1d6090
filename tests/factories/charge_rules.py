"""Charging rules with believable values."""

from collections.abc import Iterable
from datetime import date

import factory
from django.db.backends.postgresql.psycopg_any import DateRange

from pricing.models import ChargeRule, PriceItem
from tests.factories.pricing import RECORDED_AT, TariffDocumentFactory


class ChargeRuleFactory(factory.django.DjangoModelFactory[ChargeRule]):
    """Once a day, everywhere, by a demonstration document from 2026 on; ``subjects`` and ``partners`` are items."""

    class Meta:
        model = ChargeRule
        skip_postgeneration_save = True

    code = factory.Sequence(lambda index: f"RULE{index:04d}")
    kind = "frequency"
    window = "day"
    limit_quantity = 1
    text = "每日限收一次。"
    text_en = "Once a day."
    region_code = "000000"
    document = factory.SubFactory(TariffDocumentFactory)
    place = "第一条"
    effective = DateRange(date(2026, 1, 1), None)
    recorded_at = RECORDED_AT

    class Params:
        exclusion = factory.Trait(
            kind="exclusion", limit_quantity=None, text="单日不得同时收取。", text_en="Not both on one day."
        )

    @factory.post_generation
    def subjects(obj: ChargeRule, create: bool, extracted: Iterable[PriceItem] | None) -> None:  # noqa: N805
        """Items the rule binds."""
        obj.subjects.set(extracted or ())

    @factory.post_generation
    def partners(obj: ChargeRule, create: bool, extracted: Iterable[PriceItem] | None) -> None:  # noqa: N805
        """Items on its other side."""
        obj.partners.set(extracted or ())
