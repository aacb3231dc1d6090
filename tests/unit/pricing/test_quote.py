"""The quote prices a line by the one price that holds, or refuses by name."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from pricing.rules import (
    ItemFact,
    ItemUnknown,
    PriceNotFound,
    QuantityNotChargeable,
    TwoPricesInForce,
    quote,
)
from tests.unit.pricing.builders import CONTEXT, DAY, ORDINARY, facts, line, price


def test_a_line_costs_unit_price_times_quantity_and_cites_its_document() -> None:
    quoted = quote([line(quantity="3")], CONTEXT, facts(price("10")))
    (only,) = quoted.lines
    assert (only.unit_price, only.quantity, only.amount) == (Decimal("10.00"), Decimal(3), Decimal("30.00"))
    assert (only.price_id, only.document_id, only.document_number) == (1, 11, "某医保发〔2025〕1号")
    assert quoted.total == Decimal("30.00")


def test_lines_keep_their_order_and_reference_and_the_total_is_their_sum() -> None:
    quoted = quote([line(reference="b"), line(reference="a", quantity="2")], CONTEXT, facts(price("7")))
    assert [(each.reference, each.amount) for each in quoted.lines] == [
        ("b", Decimal("7.00")),
        ("a", Decimal("14.00")),
    ]
    assert quoted.total == Decimal("21.00")


def test_each_line_is_rounded_half_up_before_the_lines_are_summed() -> None:
    halves = [line(reference="1"), line(reference="2")]
    # 0.125 rounds to 0.13 on each line: 0.26, not the 0.25 of the rounded sum.
    quoted = quote(halves, CONTEXT, facts(price("0.125")))
    assert [each.amount for each in quoted.lines] == [Decimal("0.13"), Decimal("0.13")]
    assert quoted.total == Decimal("0.26")
    assert quoted.lines[0].unit_price == Decimal("0.125")


def test_zero_is_a_price() -> None:
    quoted = quote([line()], CONTEXT, facts(price("0")))
    assert quoted.total == Decimal("0.00")
    assert quoted.lines[0].document_number == "某医保发〔2025〕1号"


def test_a_missing_price_is_refused_and_never_zero() -> None:
    with pytest.raises(PriceNotFound) as refused:
        quote([line()], CONTEXT, facts())
    assert refused.value.code == "price_not_found"
    assert refused.value.violations[0].rule == "PR-03"


def test_an_unlisted_code_is_refused() -> None:
    with pytest.raises(ItemUnknown):
        quote([line("NOSUCH")], CONTEXT, facts(price()))


def test_an_item_of_another_provinces_list_is_not_charged_here() -> None:
    elsewhere = (replace(ORDINARY, region_code="230000"),)
    with pytest.raises(ItemUnknown):
        quote([line()], CONTEXT, facts(price(), items=elsewhere))
    here = (replace(ORDINARY, region_code="330000"),)
    assert quote([line()], CONTEXT, facts(price(), items=here)).total == Decimal(10)


def test_an_invented_item_is_charged_only_in_the_demonstration() -> None:
    invented = (replace(ORDINARY, is_demonstration=True),)
    with pytest.raises(ItemUnknown):
        quote([line()], CONTEXT, facts(price(), items=invented))
    demonstration = replace(CONTEXT, is_demonstration=True)
    known = facts(price(evidence_grade="D"), items=invented)
    assert quote([line()], demonstration, known).total == Decimal(10)


def test_every_refused_line_is_named_by_its_reference() -> None:
    lines = [line(reference="good"), line("NOSUCH", reference="x"), line(quantity="0", reference="y")]
    with pytest.raises(ItemUnknown) as refused:
        quote(lines, CONTEXT, facts(price()))
    assert [(each.rule, each.field) for each in refused.value.violations] == [("PR-01", "x"), ("PR-02", "y")]


@pytest.mark.parametrize("quantity", ["0", "-1", "0.5", "1.01", "NaN", "Infinity"])
def test_a_quantity_that_is_no_whole_number_of_units_is_refused(quantity: str) -> None:
    with pytest.raises(QuantityNotChargeable):
        quote([line(quantity=quantity)], CONTEXT, facts(price()))


@pytest.mark.parametrize("quantity", ["1", "1.00", "2E+1"])
def test_zeros_after_the_point_are_no_decimals(quantity: str) -> None:
    assert quote([line(quantity=quantity)], CONTEXT, facts(price("1"))).total == Decimal(quantity)


def test_a_quantity_may_have_the_decimals_its_item_allows() -> None:
    by_the_gram = (replace(ORDINARY, quantity_decimals=2),)
    assert quote([line(quantity="1.25")], CONTEXT, facts(price("2"), items=by_the_gram)).total == Decimal(
        "2.50"
    )
    with pytest.raises(QuantityNotChargeable):
        quote([line(quantity="1.255")], CONTEXT, facts(price("2"), items=by_the_gram))


@pytest.mark.parametrize(
    ("service_on", "amount"),
    [
        (date(2025, 12, 31), "7"),
        (date(2026, 1, 1), "10"),
        (date(2026, 6, 30), "10"),
        (date(2026, 7, 1), "12"),
    ],
)
def test_the_first_day_of_a_period_is_in_it_and_its_end_is_not(service_on: date, amount: str) -> None:
    known = facts(
        price("7", begin=date(2025, 1, 1), end=date(2026, 1, 1)),
        price("10", begin=date(2026, 1, 1), end=date(2026, 7, 1)),
        price("12", begin=date(2026, 7, 1)),
    )
    assert quote([line()], replace(CONTEXT, service_on=service_on), known).total == Decimal(amount)


def test_a_day_in_a_gap_has_no_price() -> None:
    gap = facts(price(end=DAY), price(begin=DAY + timedelta(days=1)))
    with pytest.raises(PriceNotFound):
        quote([line()], CONTEXT, gap)


def test_two_prices_for_the_same_scope_and_day_are_refused_naming_both_documents() -> None:
    with pytest.raises(TwoPricesInForce) as refused:
        quote([line()], CONTEXT, facts(price("10"), price("11", document_number="乙2号")))
    message = str(refused.value)
    assert "乙2号" in message
    assert "某医保发〔2025〕1号" in message


def test_the_narrower_place_wins() -> None:
    province, city, own = price("8", region_code="330000"), price("9"), price("6", institution_id=7)
    assert quote([line()], CONTEXT, facts(province)).total == Decimal(8)
    assert quote([line()], CONTEXT, facts(province, city)).total == Decimal(9)
    assert quote([line()], CONTEXT, facts(province, city, own)).total == Decimal(6)


def test_a_price_for_the_level_wins_over_one_for_all_levels() -> None:
    known = facts(
        price("5", institution_level=None), price("10", institution_level=3), price("8", institution_level=2)
    )
    assert quote([line()], CONTEXT, known).total == Decimal(10)


def test_neither_a_city_price_nor_a_level_price_of_the_province_beats_the_other() -> None:
    city_for_all = price("9", institution_level=None)
    province_for_level = price("10", region_code="330000")
    with pytest.raises(TwoPricesInForce):
        quote([line()], CONTEXT, facts(city_for_all, province_for_level))


@pytest.mark.parametrize(
    "changed", [{"region_code": "310000"}, {"institution_id": 8}, {"institution_level": 2}]
)
def test_a_price_of_another_scope_does_not_hold(changed: dict[str, Any]) -> None:
    with pytest.raises(PriceNotFound):
        quote([line()], CONTEXT, facts(price(**changed)))


def test_invented_and_real_documents_are_never_mixed() -> None:
    invented, real = price("10", evidence_grade="D"), price("9", evidence_grade="A")
    demonstration = replace(CONTEXT, is_demonstration=True)
    assert quote([line()], demonstration, facts(invented, real)).total == Decimal(10)
    assert quote([line()], CONTEXT, facts(invented, real)).total == Decimal(9)
    with pytest.raises(PriceNotFound):
        quote([line()], CONTEXT, facts(invented))
    with pytest.raises(PriceNotFound):
        quote([line()], demonstration, facts(real))


def test_the_order_of_the_facts_does_not_matter() -> None:
    prices = [
        price("8", region_code="330000", price_id=1),
        price("9", price_id=2),
        price("6", institution_id=7),
    ]
    assert quote([line()], CONTEXT, facts(*prices)) == quote([line()], CONTEXT, facts(*reversed(prices)))


def test_the_same_amount_written_differently_gives_the_same_quote() -> None:
    assert quote([line()], CONTEXT, facts(price("10"))) == quote([line()], CONTEXT, facts(price("10.000000")))
    assert repr(quote([line()], CONTEXT, facts(price("10")))) == repr(
        quote([line()], CONTEXT, facts(price("10.000000")))
    )


def test_an_item_with_another_items_price_has_none() -> None:
    other = ItemFact("OTHER", "别的", "Other", "次", "visit")
    with pytest.raises(PriceNotFound):
        quote([line("OTHER")], CONTEXT, facts(price(), items=(ORDINARY, other)))
