"""What policy has opened, abolished and set equal."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from pricing.rules import ItemFact, PriceFact, PricingRefused, TariffFacts, quote
from pricing.rules.facts import OpeningFact, SuccessionFact
from pricing.rules.kinds import Service
from tests.unit.pricing.builders import CONTEXT, DAY, ORDINARY, REVISIT, line, price

D = Decimal
FIRST = replace(ORDINARY, code="FIRST", name="互联网首诊", service=Service.FIRST_VISIT)
ROWS = (
    replace(price("13"), item_code="FIRST", title="232"),
    replace(price("22"), item_code="FIRST", title="231"),
)
OPENING = OpeningFact(Service.FIRST_VISIT, "330000", DAY, None, "某医保发〔2026〕9号", "A")


def asked(
    *openings: OpeningFact,
    item: ItemFact = FIRST,
    rows: tuple[PriceFact, ...] = ROWS,
    title: str = "231",
    on: date = DAY,
) -> Decimal:
    context = replace(CONTEXT, service_on=on, practitioner_title=title)
    return quote([line(item.code)], context, TariffFacts.of([item], rows, openings=openings)).total


def code_of(*openings: OpeningFact, on: date = DAY) -> str:
    with pytest.raises(PricingRefused) as caught:
        asked(*openings, on=on)
    return caught.value.code


def test_a_first_visit_online_is_closed_until_a_document_opens_it() -> None:
    assert code_of() == "service_not_opened"


def test_an_open_first_visit_is_priced_by_the_title() -> None:
    assert asked(OPENING, title="231") == D("22.00")
    assert asked(OPENING, title="232") == D("13.00")


def test_a_service_is_open_from_the_day_its_document_says_until_the_day_it_ends() -> None:
    assert code_of(OPENING, on=date(2026, 3, 15)) == "service_not_opened"
    ends = replace(OPENING, end=date(2026, 4, 1))
    assert asked(ends, on=date(2026, 3, 31)) == D("22.00")
    assert code_of(ends, on=date(2026, 4, 1)) == "service_not_opened"


@pytest.mark.parametrize(
    "opening",
    [
        replace(OPENING, region_code="320000"),
        replace(OPENING, service=Service.PHARMACY_CLINIC),
        replace(OPENING, evidence_grade="D"),
    ],
)
def test_a_document_for_another_region_service_or_for_the_demonstration_opens_nothing(
    opening: OpeningFact,
) -> None:
    assert code_of(opening) == "service_not_opened"


def succession(from_on: date, successor: str | None = "NEW", region: str = "330000") -> SuccessionFact:
    return SuccessionFact(ORDINARY.code, region, from_on, successor, "皖医保发〔2025〕18号")


def test_an_abolished_item_is_refused_and_its_successor_named() -> None:
    new = replace(ORDINARY, code="NEW", name="门诊诊查费（普通门诊）")
    known = TariffFacts.of([ORDINARY, new], [price()], successions=[succession(DAY)])
    with pytest.raises(PricingRefused) as caught:
        quote([line()], CONTEXT, known)
    (violation,) = caught.value.violations
    assert caught.value.code == "item_abolished"
    assert "NEW" in str(violation.way_on)
    assert violation.source == "皖医保发〔2025〕18号"


@pytest.mark.parametrize("fact", [succession(date(2026, 3, 17)), succession(DAY, region="340000")])
def test_an_item_is_charged_until_the_day_it_is_abolished_and_elsewhere_for_ever(
    fact: SuccessionFact,
) -> None:
    known = TariffFacts.of([ORDINARY], [price()], successions=[fact])
    assert quote([line()], CONTEXT, known).total == D("10.00")


def test_an_online_re_diagnosis_with_a_listed_amount_still_costs_what_the_ordinary_visit_costs() -> None:
    listed = replace(REVISIT, code="LISTED", priced_as=None, service=Service.ONLINE_REVISIT)
    rows = [price("10"), replace(price("99"), item_code="LISTED")]
    context = replace(CONTEXT, practitioner_title="231")
    assert quote([line("LISTED")], context, TariffFacts.of([ORDINARY, listed], rows)).total == D("10.00")


def test_where_no_ordinary_price_is_known_the_listed_one_is_charged() -> None:
    # Sichuan lists 3 yuan for 互联网复诊 (row 10, S4) and its ordinary price is not known.
    listed = replace(REVISIT, code="LISTED", priced_as=None, service=Service.ONLINE_REVISIT)
    known = TariffFacts.of([listed], [replace(price("3"), item_code="LISTED")])
    assert quote([line("LISTED")], CONTEXT, known).total == D("3.00")


@pytest.mark.parametrize("category", ["onsite_fee", "consumable", "delivery", "transport"])
def test_what_stands_beside_the_service_is_not_insurable_unless_a_document_says_so(category: str) -> None:
    item = replace(ORDINARY, category=category)
    silent = replace(price(), insurance_class="", self_pay_rate=None)
    said = replace(price(), insurance_class="02")
    assert quote([line()], CONTEXT, TariffFacts.of([item], [silent])).lines[0].insurance_class == "03"
    assert quote([line()], CONTEXT, TariffFacts.of([item], [said])).lines[0].insurance_class == "02"
