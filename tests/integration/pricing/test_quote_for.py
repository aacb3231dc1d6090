"""Facts are gathered in a constant number of queries and the day decides."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from kernel import clock
from pricing.queries import PublishedPrice, price_history, published_prices, quote_for
from pricing.rules import ItemUnknown, PriceNotFound, ServiceLine
from pricing.rules.codes import EXPERT_OUTPATIENT, ONLINE_REVISIT, ORDINARY_OUTPATIENT
from pricing.rules.kinds import AmountKind
from registry.models import Institution
from tests.factories.pricing import PriceFactory, PriceItemFactory, TariffDocumentFactory

Counting = Callable[[int], AbstractContextManager[object]]
DAY = date(2026, 3, 16)


def revisit() -> list[ServiceLine]:
    return [ServiceLine("1", ONLINE_REVISIT, Decimal(1))]


@pytest.mark.parametrize("title", [None, "231", "232", "234"])
def test_an_online_re_diagnosis_at_the_demo_hospital_costs_the_ordinary_consultation(
    hospital: Institution, shipped: None, title: str | None
) -> None:
    online = quote_for(
        lines=revisit(), institution=hospital, service_on=DAY, practitioner_title=title, patient_age=67
    )
    # Row 33 of the notes: 普通门诊诊查费(三级) 10.00, class 甲.
    assert online.total == Decimal("10.00")
    (line,) = online.lines
    assert (line.insurance_class, line.insurance_code) == ("01", ORDINARY_OUTPATIENT)
    assert line.document_number == "演医保发〔2025〕12号"
    assert line.is_demonstration


def test_offline_the_demo_hospital_charges_by_title(hospital: Institution, shipped: None) -> None:
    expert = [ServiceLine("1", EXPERT_OUTPATIENT, Decimal(1))]
    by_title = [
        quote_for(lines=expert, institution=hospital, service_on=DAY, practitioner_title=title).total
        for title in ("232", "231")
    ]
    assert by_title == [Decimal("20.00"), Decimal("30.00")]


def test_a_real_hospital_is_never_charged_by_the_demonstration_tariff(
    hospital: Institution, shipped: None
) -> None:
    hospital.is_demonstration = False
    ordinary = [ServiceLine("1", ORDINARY_OUTPATIENT, Decimal(1))]
    with pytest.raises(PriceNotFound):
        quote_for(lines=ordinary, institution=hospital, service_on=DAY)
    with pytest.raises(ItemUnknown):
        quote_for(lines=revisit(), institution=hospital, service_on=DAY)


def test_a_harbin_hospital_is_charged_by_the_document_of_its_province(
    hospital: Institution, shipped: None
) -> None:
    hospital.is_demonstration, hospital.region_code = False, "230100"
    online = [ServiceLine("1", "HLJ-HLWFZ", Decimal(1))]
    quoted = quote_for(lines=online, institution=hospital, service_on=DAY, practitioner_title="231")
    assert (quoted.total, quoted.lines[0].evidence_grade) == (Decimal("7.00"), "C")


@pytest.mark.parametrize("count", [1, 100])
def test_the_number_of_queries_does_not_grow_with_the_lines(
    hospital: Institution, count: int, django_assert_num_queries: Counting
) -> None:
    document = TariffDocumentFactory()
    prices = [PriceFactory(document=document) for _ in range(count)]
    lines = [ServiceLine(str(index), price.item.code, Decimal(2)) for index, price in enumerate(prices)]
    with django_assert_num_queries(4):
        quoted = quote_for(lines=lines, institution=hospital, service_on=DAY)
    assert quoted.total == 20 * count


def test_an_item_charged_like_another_costs_no_query_more(
    hospital: Institution, shipped: None, django_assert_num_queries: Counting
) -> None:
    with django_assert_num_queries(4):
        quote_for(lines=revisit(), institution=hospital, service_on=DAY)


@pytest.mark.parametrize(
    ("moment", "amount"),
    [
        # 23:59:59 on 31 December and midnight of 1 January in Shanghai, eight hours ahead of UTC.
        (datetime(2025, 12, 31, 15, 59, 59, tzinfo=UTC), "8.00"),
        (datetime(2025, 12, 31, 16, 0, 0, tzinfo=UTC), "10.00"),
    ],
)
def test_a_price_begins_at_midnight_in_shanghai(
    hospital: Institution, shipped: None, moment: datetime, amount: str
) -> None:
    quoted = quote_for(lines=revisit(), institution=hospital, service_on=clock.day_of(moment))
    assert quoted.total == Decimal(amount)


def _is_plain(row: PublishedPrice) -> bool:
    """Charged by the unit to everybody, and with no other line beside it."""
    price = row.price
    for_everybody = not (price.condition or price.department or price.age_from or price.age_to)
    by_itself = row.item.kind == "main" and row.item.category != "consumable"
    return price.kind is AmountKind.FIXED and for_everybody and by_itself


def test_the_published_list_shows_what_a_quote_would_charge(
    hospital: Institution, shipped: None, django_assert_num_queries: Counting
) -> None:
    with django_assert_num_queries(2):
        listed = published_prices(hospital, DAY)
    by_the_unit = [row for row in listed if _is_plain(row)]
    assert {ORDINARY_OUTPATIENT, ONLINE_REVISIT} < {row.item.code for row in by_the_unit}
    assert len([row for row in by_the_unit if row.item.category == "drug"]) == 59  # pricing/tariffs/12
    for row in by_the_unit:
        line = ServiceLine("1", row.item.code, Decimal(1))
        quoted = quote_for(
            lines=[line], institution=hospital, service_on=DAY, practitioner_title=row.price.title
        )
        assert (quoted.lines[0].unit_price, quoted.lines[0].price_id) == (
            row.price.amount,
            row.price.price_id,
        )


def test_the_history_of_the_online_item_is_that_of_the_ordinary_consultation(
    hospital: Institution, shipped: None
) -> None:
    item = next(row.item for row in published_prices(hospital, DAY) if row.item.code == ONLINE_REVISIT)
    assert [(each.begin, each.amount) for each in price_history(item, hospital)] == [
        (date(2021, 1, 1), Decimal(7)),
        (date(2023, 7, 1), Decimal(8)),
        (date(2026, 1, 1), Decimal(10)),
    ]


def test_an_institutions_own_price_comes_before_the_common_one(hospital: Institution) -> None:
    common = PriceFactory()
    PriceFactory(item=common.item, institution=hospital, institution_level=None, amount=Decimal(6))
    quoted = quote_for(
        lines=[ServiceLine("1", common.item.code, Decimal(1))], institution=hospital, service_on=DAY
    )
    assert quoted.total == Decimal("6.00")


def test_a_price_for_another_day_does_not_hold(hospital: Institution) -> None:
    item = PriceItemFactory()
    PriceFactory(item=item, effective=DateRange(date(2026, 3, 17), None))
    with pytest.raises(PriceNotFound):
        quote_for(lines=[ServiceLine("1", item.code, Decimal(1))], institution=hospital, service_on=DAY)
