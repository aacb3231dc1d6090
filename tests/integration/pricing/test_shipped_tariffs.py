"""The tariffs that are shipped: the sourced rows, the structure of every province, the demonstration."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pricing.models import ChargeRule, PolicyOpening, Price, PriceItem, TariffDocument
from pricing.queries import quote_for
from pricing.queries.proof import tariff_findings
from pricing.rules import PricingRefused, QuotedLine, ServiceLine
from pricing.rules.proof import FindingKind
from registry.models import Institution
from tests.integration.pricing import sourced_rows as sourced
from tests.integration.pricing.sourced_rows import EXPERT, ORDINARY, Sourced

pytestmark = pytest.mark.django_db

PROVINCES = (
    "110000", "120000", "130000", "140000", "150000", "210000", "220000", "230000",
    "310000", "320000", "330000", "340000", "350000", "360000", "370000",
    "410000", "420000", "430000", "440000", "450000", "460000",
    "500000", "510000", "520000", "530000", "540000",
    "610000", "620000", "630000", "640000", "650000",
)  # fmt: skip
"""GB/T 2260, the mainland."""

DAY = date(2026, 3, 16)
STRUCTURE = {
    "GJ-HLWFZ": "price_not_found",
    "001110000030000": "price_not_found",
    "GJ-YCJC": "price_not_found",
    "GJ-HLWSZ-PT": "service_not_opened",
    "GJ-HLWSZ-FZ": "service_not_opened",
    "GJ-HLWSZ-ZR": "service_not_opened",
    "GJ-HLWYX": "service_not_opened",
}
"""The items that every province has, and what asking for one gives where no price is known."""

TYPED = {"distance_km": Decimal, "duration_minutes": Decimal}


def institution(region: str, level: int = 3, *, is_demonstration: bool = False) -> Institution:
    """An institution that only asks; it is not saved and has nothing of its own."""
    return Institution(
        pk=0, region_code=region, level=level, ownership="public", is_demonstration=is_demonstration
    )


def asked(item: str, quantity: str = "1", **said: Any) -> ServiceLine:
    fields: dict[str, Any] = {name: TYPED.get(name, str)(value) for name, value in said.items()}
    return ServiceLine("1", item, Decimal(quantity), **fields)


def price_of(row: Sourced, on: date | None = None) -> QuotedLine:
    quoted = quote_for(
        lines=[asked(row.item, row.quantity, **row.said)],
        institution=institution(row.region, row.level),
        service_on=on or row.on,
        practitioner_title=row.title,
    )
    return quoted.lines[0]


def refusal_of(item: str, region: str, on: date = DAY, *, is_demonstration: bool = False) -> str:
    with pytest.raises(PricingRefused) as refused:
        demo_price(item, region, on) if is_demonstration else quote_for(
            lines=[asked(item)], institution=institution(region), service_on=on
        )
    return refused.value.code


def demo_price(item: str, region: str, on: date = DAY, **more: Any) -> QuotedLine:
    """What the demonstration charges for one of an item in a province."""
    said = {name: more.pop(name) for name in list(more) if name in ServiceLine.__slots__}
    where = institution(region, more.pop("level", 3), is_demonstration=True)
    return quote_for(lines=[asked(item, **said)], institution=where, service_on=on, **more).lines[0]


def test_each_sourced_row_is_charged_as_typed_again_here(shipped: None) -> None:
    for row in sourced.ROWS:
        line = price_of(row)
        assert (row.row, line.amount, line.evidence_grade) == (row.row, Decimal(row.amount), row.grade)
        if row.insurance:
            name, rate = row.insurance
            assert (line.insurance_class, line.self_pay_rate) == (name, rate and Decimal(rate)), row.row


def test_no_sourced_row_holds_before_the_day_that_its_source_supports(shipped: None) -> None:
    first_days = {
        row.item: min(each.on for each in sourced.ROWS if each.item == row.item) for row in sourced.ROWS
    }
    for row in sourced.ROWS:
        if row.row in {"29", "47"} or row.item in {ORDINARY, EXPERT, sourced.EMERGENCY}:
            continue
        with pytest.raises(PricingRefused) as refused:
            price_of(row, on=date.fromordinal(first_days[row.item].toordinal() - 1))
        assert refused.value.code == "price_not_found", row.row


def test_each_sourced_limit_is_what_its_row_says(shipped: None) -> None:
    for row, item, kind, said in sourced.LIMITS:
        found = Price.objects.known().get(item__code=item, kind=kind)
        for column, value in said.items():
            assert getattr(found, column) == Decimal(value), (row, column)


def test_surcharges_by_department_and_hour_are_what_their_rows_say(shipped: None) -> None:
    for row, item, department, amount in sourced.HANGING:
        found = Price.objects.known().get(item__code=item)
        assert (found.amount, found.department) == (Decimal(amount), department), row
        assert (found.item.kind, found.institution_level) == ("surcharge", None), row
    hours = ServiceLine("bed", "MY-110700001-4", Decimal(24))
    air = ServiceLine("air", "MY-110700001-4-KT", Decimal(24), main_reference="bed")
    heated = quote_for(lines=[hours, air], institution=institution("510700"), service_on=date(2018, 3, 8))
    assert heated.total == Decimal("6.72")


def test_the_insurance_pays_a_fixed_forty_yuan_in_beijing(shipped: None) -> None:
    lowest = next(row for row in sourced.ROWS if row.row == "31")
    assert price_of(lowest).fund_amount == 40
    assert lowest.amount == "42"  # of which insured persons pay 2


def test_the_sample_bill_sums_to_what_is_printed_on_it(shipped: None) -> None:
    bill = [row for row in sourced.ROWS if row.row in {str(number) for number in range(33, 43)}]
    assert len(bill) == 10
    assert sum(price_of(row).amount for row in bill) == Decimal("239.20")


def test_no_visit_outside_the_city_of_the_on_site_fee(shipped: None) -> None:
    for neighbour in ("440400", "440600", "440000"):
        assert refusal_of("ZS-HLSM-BA", neighbour) == "item_unknown"


def test_a_milk_tooth_takes_no_child_surcharge(shipped: None) -> None:
    assert not Price.objects.known().get(item__code="FJ-PTYBC").takes_surcharges
    assert not Price.objects.filter(item__code="FJ-PTYBC-ET").exists()


def test_an_amount_that_cannot_be_used_is_told_in_words_and_is_no_price(shipped: None) -> None:
    for row, item, told in sourced.WITHOUT_PRICE:
        known = PriceItem.objects.get(code=item)
        assert told in known.content, row
        assert known.content_en != "", row
        assert not known.prices.exists(), row


def test_rows_that_are_a_rule_or_another_price_are_recorded_as_such(shipped: None) -> None:
    for row, code, limit in sourced.IN_RULES:
        assert ChargeRule.objects.get(code=code).limit_amount == Decimal(limit), row
    for row, item in sourced.AS_OTHER:
        known = PriceItem.objects.select_related("priced_as").get(code=item)
        assert known.priced_as is not None, row
        assert known.priced_as.code == ORDINARY, row


def test_every_row_of_the_notes_is_shipped_or_left_out_for_a_reason() -> None:
    shipped_rows = {row.row for row in sourced.ROWS}
    for table in (
        sourced.HANGING, sourced.LIMITS, sourced.WITHOUT_PRICE, sourced.AS_OTHER, sourced.IN_RULES
    ):  # fmt: skip
        shipped_rows |= {entry[0] for entry in table}
    assert shipped_rows | set(sourced.STATISTICS) == {str(number) for number in range(1, 74)}
    assert not shipped_rows & set(sourced.STATISTICS)


def test_every_real_price_and_rule_has_a_source_and_nothing_invented_hides_among_them(shipped: None) -> None:
    for document in TariffDocument.objects.all():
        assert document.is_demonstration == document.number.startswith("演"), document.number
        assert document.is_demonstration != bool(document.source_key), document.number
        assert document.note, document.number
        assert document.note_en, document.number
        if document.is_demonstration:
            assert "演示" in document.title + document.note, document.number
            assert "nvented" in document.note_en, document.number
    assert not Price.objects.filter(document__is_demonstration=False, item__is_demonstration=True).exists()
    assert not ChargeRule.objects.filter(
        document__is_demonstration=False, subjects__is_demonstration=True
    ).exists()


def test_every_province_has_the_items_and_says_that_no_price_is_known(shipped: None) -> None:
    for province in PROVINCES:
        for item, refusal in STRUCTURE.items():
            if (province, item) == ("230000", "GJ-HLWFZ"):
                continue  # the one province whose ordinary consultation is known
            assert refusal_of(item, province) == refusal, (province, item)
    items = PriceItem.objects.filter(code__in=STRUCTURE)
    assert len(items) == len(STRUCTURE)
    assert all("无价格" in item.content for item in items)


def test_heilongjiang_prices_the_national_item_like_its_ordinary_consultation(shipped: None) -> None:
    quoted = quote_for(
        lines=[asked("GJ-HLWFZ")],
        institution=institution("230100"),
        service_on=DAY,
        practitioner_title=sourced.CHIEF,
    )
    assert quoted.total == 7


def test_nothing_real_opens_a_first_visit_or_a_pharmacy_clinic(shipped: None) -> None:
    assert not PolicyOpening.objects.exclude(document__is_demonstration=True).exists()
    for item in ("HA-HLWSZ-PT", "HA-HLWSZ-FZ", "HA-HLWSZ-ZR"):
        assert refusal_of(item, "410000") == "service_not_opened"


def test_the_proof_finds_nothing_but_items_without_a_price_and_those_say_so(shipped: None) -> None:
    without: set[str] = set()
    for day in (date(2011, 1, 20), date(2018, 12, 29), DAY, date(2026, 11, 22), date(2027, 6, 1)):
        findings = tariff_findings(on=day)
        assert {finding.kind for finding in findings} <= {FindingKind.NO_PRICE}, day
        without |= {finding.item_code for finding in findings}
    told = PriceItem.objects.filter(code__in=without, is_demonstration=False)
    assert len(told) > 40
    for item in told:
        assert "无价格" in item.content, item.code
        assert re.search(r"\b(no|without a) price", item.content_en, re.IGNORECASE), item.code
