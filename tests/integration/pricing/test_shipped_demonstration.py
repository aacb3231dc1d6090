"""The demonstration tariff: complete in every province, invented, and marked so."""

from datetime import date
from decimal import Decimal

import pytest

from pricing.models import ChargeRule, PolicyOpening, Price, PriceItem, TariffDocument
from pricing.queries import quote_for
from pricing.rules import ServiceLine
from pricing.rules.kinds import AmountKind, BandAxis, ItemKind, RuleKind, Window
from tests.factories.pricing import PriceFactory
from tests.integration.pricing.sourced_rows import EMERGENCY, EXPERT, ORDINARY
from tests.integration.pricing.test_shipped_tariffs import (
    DAY,
    PROVINCES,
    demo_price,
    institution,
    refusal_of,
)

pytestmark = pytest.mark.django_db

OPENED = "310000"
HOME = (
    "CX", "HY", "DN", "DNH", "PICC", "ZK", "BS", "WG", "GC", "WH", "JZ", "PX", "XT", "YL", "PG", "XSE", "HD", "TP",
)  # fmt: skip
IN_EVERY_PROVINCE = (
    "YS-GH", "YS-JZGH", "HLWFZ0001", "YS-YCHZ", "YS-YCDXK", "YS-YCZD", "YS-YCJC", "YS-YCQBQ", "YS-BY", "YS-QN",
    "YS-PS", "YS-HL-YC", "YS-HL-ZH", "YS-HC-CXQ", ORDINARY, EMERGENCY, *(f"YS-HL-{each}" for each in HOME),
)  # fmt: skip


def test_every_province_charges_the_whole_set(shipped: None) -> None:
    for province in PROVINCES:
        where = institution(province, is_demonstration=True)
        lines = [ServiceLine(code, code, Decimal(1)) for code in IN_EVERY_PROVINCE if code != "YS-HC-CXQ"]
        lines = [
            line for line in lines if line.item_code not in {"YS-HL-BS", "YS-HL-DNH", "YS-HL-TP", "YS-HL-PX"}
        ]
        lines.append(ServiceLine("tube", "YS-HC-CXQ", Decimal(1)))
        quoted = quote_for(lines=lines, institution=where, service_on=DAY)
        assert all(line.evidence_grade == "D" and line.amount > 0 for line in quoted.lines), province
    for code in ("YS-HL-BS", "YS-HL-DNH", "YS-HL-TP", "YS-HL-PX"):
        assert all(demo_price(code, province).amount > 0 for province in PROVINCES)


def test_re_diagnosis_costs_the_ordinary_consultation_in_every_province_and_level(shipped: None) -> None:
    for province in PROVINCES:
        for level in (1, 2, 3):
            ordinary = demo_price(ORDINARY, province, level=level).amount
            for title in (None, "231", "232", "234"):
                online = demo_price("HLWFZ0001", province, level=level, practitioner_title=title)
                assert online.amount == ordinary, (province, level, title)


def test_consultations_differ_by_title_and_level_in_every_province(shipped: None) -> None:
    for province in PROVINCES:
        for level in (1, 2, 3):
            ordinary = demo_price(ORDINARY, province, level=level).amount
            associate = demo_price(EXPERT, province, level=level, practitioner_title="232").amount
            chief = demo_price(EXPERT, province, level=level, practitioner_title="231").amount
            assert ordinary < associate < chief, (province, level)
            assert demo_price(EMERGENCY, province, level=level).amount > ordinary, (province, level)


def test_amounts_differ_between_provinces(shipped: None) -> None:
    for item in (ORDINARY, "YS-YCHZ", "YS-HL-PICC"):
        assert len({demo_price(item, province).amount for province in PROVINCES}) > 25


def test_closed_services_are_open_in_one_province_only(shipped: None) -> None:
    assert {opening.region_code for opening in PolicyOpening.objects.all()} == {OPENED}
    for item in ("YS-HLWSZ", "YS-HLWYX"):
        for province in set(PROVINCES) - {OPENED}:
            assert refusal_of(item, province, is_demonstration=True) == "service_not_opened"
    first = [
        demo_price("YS-HLWSZ", OPENED, practitioner_title=title).amount for title in ("234", "232", "231")
    ]
    assert first == sorted(set(first))
    assert demo_price("YS-HLWYX", OPENED).amount > 0


def test_the_pilot_begins_on_its_first_day(shipped: None) -> None:
    before = refusal_of("YS-HLWYX", OPENED, date(2025, 12, 31), is_demonstration=True)
    assert before == "service_not_opened"
    assert demo_price("YS-HLWYX", OPENED, date(2026, 1, 1)).amount > 0


def test_every_kind_of_amount_band_item_and_rule_can_be_tried(shipped: None) -> None:
    invented = Price.objects.known().filter(document__is_demonstration=True)
    assert set(invented.values_list("kind", flat=True)) == set(AmountKind)
    assert set(invented.exclude(band_axis="").values_list("band_axis", flat=True)) == set(BandAxis)
    items = PriceItem.objects.filter(is_demonstration=True)
    assert set(items.values_list("kind", flat=True)) == set(ItemKind)
    rules = ChargeRule.objects.filter(document__is_demonstration=True)
    assert set(rules.values_list("kind", flat=True)) == set(RuleKind)
    assert set(rules.values_list("window", flat=True)) == set(Window)
    assert invented.exclude(cap_amount=None).exists()
    assert invented.exclude(period_cap_amount=None).exists()
    assert invented.exclude(fund_amount=None).exists()
    assert invented.filter(is_trial=True, takes_surcharges=True).exists()
    assert invented.filter(takes_surcharges=False).exclude(condition="").exists()


def test_what_goes_to_the_patients_home_is_never_insurable(shipped: None) -> None:
    apart = ["consumable", "delivery", "transport", "onsite_fee"]
    found = Price.objects.known().filter(document__is_demonstration=True, item__category__in=apart)
    assert {price.item.category for price in found} == set(apart)
    assert {price.insurance_class for price in found} == {"03"}


def test_the_institution_publishes_what_it_sets_itself(shipped: None, hospital: object) -> None:
    for item in ("YS-SM", "YS-SM-KF", "YS-TX", "YS-ZMZJ"):
        assert refusal_of(item, "500000", is_demonstration=True) == "self_set_not_published"
    own = PriceFactory.create(
        item=PriceItem.objects.get(code="YS-SM"),
        document=TariffDocument.objects.get(number="演医保发〔2025〕32号"),
        institution=hospital,
        institution_level=None,
        amount=Decimal("66.00"),
    )
    line = ServiceLine("1", "YS-SM", Decimal(1))
    assert own.institution is not None
    assert quote_for(lines=[line], institution=own.institution, service_on=DAY).total == Decimal("66.00")


def test_the_demonstration_of_earlier_files_stays_as_it_is(shipped: None) -> None:
    assert demo_price("HLWFZ0001", "330100", practitioner_title="231").amount == Decimal("10.00")


def test_an_abolished_item_names_its_successor(shipped: None) -> None:
    assert refusal_of("YS-WLZX", "500000", is_demonstration=True) == "item_abolished"


def test_the_demonstration_is_nothing_to_a_real_hospital(shipped: None) -> None:
    for province in PROVINCES:
        assert refusal_of("HLWFZ0001", province) == "item_unknown"
        if province != "230000":
            assert refusal_of(ORDINARY, province) == "price_not_found"


def test_invented_items_and_prices_say_so(shipped: None) -> None:
    invented = PriceItem.objects.filter(is_demonstration=True)
    named = invented.filter(code__startswith="YS-")
    assert named.count() > 50
    assert all("演示" in item.name and "demo" in item.name_en for item in named)
    assert not Price.objects.filter(item__in=invented).exclude(document__evidence="D").exists()
