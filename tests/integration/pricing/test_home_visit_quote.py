"""A whole home visit: items and consumables at the hospital's prices, the on-site fee apart."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pricing.models import Category, OnsiteFeeRow, OnsitePart, PublicHoliday
from pricing.queries import home_visit_quote, onsite_schedules, quote_for
from pricing.rules import PricingRefused, ServiceLine
from pricing.rules.errors import MeasureMissing
from pricing.rules.onsite import OnsiteFeeNotPublished, OutsideServedArea, TwoOnsiteFees, VisitFact
from registry.models import Institution
from tests.factories.onsite import DRAFTED_AT, base, by_distance, drafted, onsite_item, published
from tests.factories.pricing import PriceFactory, PriceItemFactory, TariffDocumentFactory

pytestmark = pytest.mark.django_db
Counting = Callable[[int], AbstractContextManager[object]]
SHANGHAI = ZoneInfo("Asia/Shanghai")


def visit(distance: str = "4", **said: Any) -> VisitFact:
    facts = {
        "starts_at": datetime(2026, 3, 16, 9, tzinfo=SHANGHAI),
        "region_code": "330106",
        "distance_km": Decimal(distance),
        "nurse_title": "253",
        "duration_minutes": 60,
    }
    return VisitFact(**{**facts, **said})


def priced(category: Category, amount: str, **said: Any) -> str:
    item = PriceItemFactory(category=category)
    PriceFactory(item=item, amount=Decimal(amount), insurance_class="", self_pay_rate=None, **said)
    return str(item.code)


def line(reference: str, code: str, quantity: int = 1) -> ServiceLine:
    return ServiceLine(reference, code, Decimal(quantity))


def test_service_consumables_and_fee_are_lines_of_their_own(hospital: Institution) -> None:
    schedule = published(hospital)
    dressing = priced(Category.NURSING, "45.50")
    pad = priced(Category.CONSUMABLE, "6.50")
    quote = home_visit_quote(
        institution=hospital,
        visit=visit("4"),
        service_lines=[line("1", dressing)],
        consumables=[line("2", pad, 3)],
    )
    assert [(each.reference, each.amount) for each in quote.lines] == [
        ("1", Decimal("45.50")), ("2", Decimal("19.50")), ("onsite", Decimal("200.00")),
    ]  # fmt: skip
    assert quote.total == Decimal("265.00")
    fee = quote.lines[-1]
    assert (fee.item_code, fee.quantity, fee.unit_price) == (schedule.item.code, 1, Decimal("200.00"))
    assert fee.document_number == schedule.document.number
    assert schedule.item.prices.get().pk == fee.price_id
    assert fee.is_demonstration
    assert sum(step.amount for step in fee.steps) == fee.amount


@pytest.mark.parametrize("category", [Category.CONSUMABLE, Category.DELIVERY, Category.TRANSPORT])
def test_fee_delivery_transport_and_consumables_are_self_paid_unless_a_document_says_otherwise(
    hospital: Institution, category: Category
) -> None:
    published(hospital)
    silent = priced(category, "8")
    said = PriceItemFactory(category=category)
    PriceFactory(item=said, insurance_class="02", self_pay_rate=Decimal("0.1"))
    quote = home_visit_quote(
        institution=hospital, visit=visit(), consumables=[line("1", silent), line("2", said.code)]
    )
    assert [each.insurance_class for each in quote.lines] == ["03", "02", "03"]


def test_the_institutions_own_price_of_an_item_is_charged(hospital: Institution) -> None:
    published(hospital)
    code = priced(Category.NURSING, "45")
    PriceFactory(item__code="OTHER", amount=Decimal(1))  # another item at the same hospital changes nothing
    item = PriceItemFactory._meta.model.objects.get(code=code)
    PriceFactory(
        item=item, institution=hospital, institution_level=None, region_code="330100", amount=Decimal(30)
    )
    quote = home_visit_quote(institution=hospital, visit=visit(), service_lines=[line("1", code)])
    assert quote.lines[0].amount == 30


def test_a_public_holiday_is_what_the_hospital_entered(hospital: Institution) -> None:
    holiday = OnsiteFeeRow(part=OnsitePart.HOLIDAY, rate=Decimal("0.3"))
    published(hospital, [*by_distance(), holiday])
    labour_day = visit(starts_at=datetime(2026, 5, 1, 9, tzinfo=SHANGHAI))
    assert home_visit_quote(institution=hospital, visit=labour_day).total == 200
    PublicHoliday.objects.create(
        day=date(2026, 5, 1), name="劳动节", name_en="Labour Day", source="演示", is_demonstration=True,
        recorded_at=DRAFTED_AT,
    )  # fmt: skip
    assert home_visit_quote(institution=hospital, visit=labour_day).total == 260


def test_a_holiday_of_another_province_is_none_here(hospital: Institution) -> None:
    published(hospital, [*by_distance(), OnsiteFeeRow(part=OnsitePart.HOLIDAY, rate=Decimal("0.3"))])
    PublicHoliday.objects.create(
        day=date(2026, 3, 16), region_code="450000", name="三月三", name_en="Sanyuesan", source="演示",
        is_demonstration=True, recorded_at=DRAFTED_AT,
    )  # fmt: skip
    assert home_visit_quote(institution=hospital, visit=visit()).total == 200


def test_night_and_title_come_from_the_rows(hospital: Institution) -> None:
    night = OnsiteFeeRow(part=OnsitePart.NIGHT, amount=Decimal(60), begins_at=time(20), ends_at=time(8))
    published(hospital, [base("100", title="254"), base("160"), night])
    late = visit(starts_at=datetime(2026, 3, 16, 23, 30, tzinfo=SHANGHAI), nurse_title="254")
    assert home_visit_quote(institution=hospital, visit=late).total == 160
    assert home_visit_quote(institution=hospital, visit=visit()).total == 160


def test_outside_the_area_there_is_no_price_at_all(hospital: Institution) -> None:
    published(hospital)
    code = priced(Category.NURSING, "45")
    with pytest.raises(OutsideServedArea) as refused:
        home_visit_quote(
            institution=hospital, visit=visit(region_code="330200"), service_lines=[line("1", code)]
        )
    assert [one.rule for one in refused.value.violations] == ["PR-50"]


def test_every_refusal_of_the_visit_is_told_at_once(hospital: Institution) -> None:
    published(hospital, by_distance()[:2])
    with pytest.raises(PricingRefused) as refused:
        home_visit_quote(institution=hospital, visit=visit("9"), service_lines=[line("1", "NOBODY")])
    assert [one.rule for one in refused.value.violations] == ["PR-01", "PR-50"]


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2026, 7, 1)])
def test_a_day_without_a_published_fee_is_refused(hospital: Institution, day: date) -> None:
    published(hospital, until=date(2026, 7, 1))
    asked = visit(starts_at=datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI))
    with pytest.raises(OnsiteFeeNotPublished):
        home_visit_quote(institution=hospital, visit=asked)


def test_a_draft_is_never_charged(hospital: Institution) -> None:
    drafted(hospital)
    with pytest.raises(OnsiteFeeNotPublished):
        home_visit_quote(institution=hospital, visit=visit())
    assert onsite_schedules(hospital) == []


def test_the_fee_of_another_hospital_is_not_charged_here(hospital: Institution) -> None:
    published(hospital)
    other = Institution.objects.get(pk=hospital.pk)
    other.pk, other.code = None, "H33010000002"
    other.save()
    with pytest.raises(OnsiteFeeNotPublished):
        home_visit_quote(institution=other, visit=visit())


def test_fees_of_two_items_need_saying_which(hospital: Institution) -> None:
    published(hospital)
    rehabilitation = onsite_item()
    published(hospital, [base("80")], item=rehabilitation)
    with pytest.raises(TwoOnsiteFees):
        home_visit_quote(institution=hospital, visit=visit())
    named = home_visit_quote(institution=hospital, visit=visit(), onsite_item=rehabilitation.code)
    assert named.total == 80


def test_a_bare_line_of_the_fee_is_refused_and_never_a_number(hospital: Institution) -> None:
    schedule = published(hospital)
    with pytest.raises(MeasureMissing) as refused:
        quote_for(lines=[line("1", schedule.item.code)], institution=hospital, service_on=date(2026, 3, 16))
    assert [one.rule for one in refused.value.violations] == ["PR-59"]


def test_the_day_in_shanghai_decides_which_fee_holds(hospital: Institution) -> None:
    first = published(hospital, until=date(2026, 3, 1))
    published(hospital, [base("1000")], item=first.item, first_day=date(2026, 3, 1))
    last_evening = visit(starts_at=datetime(2026, 2, 28, 15, 59, tzinfo=ZoneInfo("UTC")))  # 23:59
    midnight = visit(starts_at=datetime(2026, 2, 28, 16, 0, tzinfo=ZoneInfo("UTC")))
    assert home_visit_quote(institution=hospital, visit=last_evening).total == 200
    assert home_visit_quote(institution=hospital, visit=midnight).total == 1000


def test_the_number_of_queries_does_not_grow_with_the_lines(
    hospital: Institution, django_assert_max_num_queries: Counting
) -> None:
    published(hospital, document=TariffDocumentFactory(region_code="330100"))
    lines = [line(str(number), priced(Category.NURSING, "5")) for number in range(12)]
    with django_assert_max_num_queries(10):
        home_visit_quote(institution=hospital, visit=visit(), service_lines=lines[:1])
    with django_assert_max_num_queries(10):
        home_visit_quote(institution=hospital, visit=visit(), service_lines=lines)
