"""Canonical text: the same facts are the same bytes, and come back as they were."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from pricing.rules import QuoteContext, ServiceLine, TariffFacts
from pricing.rules.canonical import (
    Asked,
    asked_text,
    canonical_text,
    digest_of,
    facts_text,
    quote_text,
    read_asked,
    read_facts,
)
from pricing.rules.decoding import NotJson, NotReadable, decoded, json_of
from pricing.rules.facts import Band, ChargedLine, ChargeRuleFact, OpeningFact, SuccessionFact
from pricing.rules.kinds import AmountKind, BandAxis, RuleKind, Service, Window
from pricing.rules.quoting import quote
from tests.unit.pricing.builders import CONTEXT, ORDINARY, facts, line, price

AT = datetime(2026, 3, 16, 1, 30, tzinfo=UTC)


def everything() -> TariffFacts:
    """Facts with something in every field."""
    bands = (Band(Decimal(130), None, Decimal(3)), Band(Decimal(200), Decimal(3), Decimal("5.5"), "arm"))
    tiered = price("10", price_id=2, kind=AmountKind.TIERED, band_axis=BandAxis.DISTANCE, bands=bands)
    rule = ChargeRuleFact(
        "R1", RuleKind.EXCLUSION, "330000", Window.HOURS, 24, frozenset({"B", "A"}), frozenset({"C"}), None,
        Decimal("1.50"), "不得同时收取", "not together", "某号 表1", date(2026, 1, 1), None, "A",
    )  # fmt: skip
    return TariffFacts.of(
        [ORDINARY, replace(ORDINARY, code="X", service=Service.FIRST_VISIT)],
        [tiered, price("10.000000"), replace(tiered, item_code="X", price_id=3)],
        successions=[SuccessionFact("A", "330000", date(2026, 1, 1), "B", "某号")],
        openings=[OpeningFact(Service.FIRST_VISIT, "330000", date(2026, 1, 1), None, "某号", "A")],
        rules=[rule],
        charged=[ChargedLine("A", Decimal(1), Decimal("10.00"), date(2026, 3, 1), "E1", AT, "c")],
    )


def test_facts_come_back_as_they_were() -> None:
    assert read_facts(facts_text(everything())) == everything()


def test_what_was_asked_comes_back_as_it_was() -> None:
    full = ServiceLine("1", "A", Decimal("1.50"), "0", "乳牙", Decimal("2.5"), Decimal(30), "膝", AT, "c")
    asked = Asked((full, line()), replace(CONTEXT, patient_age=0, practitioner_title="231"))
    assert read_asked(asked_text(asked)) == asked


def test_the_order_in_which_rows_were_found_does_not_change_the_text() -> None:
    one = facts(price("10", price_id=1), price("9", price_id=2))
    other = facts(price("9", price_id=2), price("10", price_id=1))
    assert facts_text(one) == facts_text(other)


def test_text_has_sorted_keys_no_spaces_exact_numbers_and_days() -> None:
    band = Band(Decimal("10.000000"), up_to=Decimal(3))
    assert canonical_text(band) == '{"amount":"10.000000","up_to":"3"}'
    assert canonical_text({"b": date(2026, 3, 16), "a": AT}) == (
        '{"a":"2026-03-16T09:30:00+08:00","b":"2026-03-16"}'
    )
    assert canonical_text(frozenset({"乙", "丙"})) == '["丙","乙"]'


def test_a_field_at_its_default_is_left_out_so_that_a_later_field_changes_no_text() -> None:
    assert '"condition"' not in canonical_text(line())
    assert canonical_text(replace(line(), condition="乳牙")).count('"condition"') == 1


@pytest.mark.parametrize("value", [1.5, object(), b"x"])
def test_what_is_not_exact_has_no_text(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical_text(value)


def test_a_moment_without_a_zone_has_no_text() -> None:
    with pytest.raises(ValueError, match="time zone"):
        canonical_text(datetime(2026, 3, 16, 9, 30))  # noqa: DTZ001


def test_the_same_quote_is_the_same_text() -> None:
    first = quote_text(quote([line()], CONTEXT, facts(price())))
    assert quote_text(quote([line()], CONTEXT, facts(price()))) == first
    assert digest_of("a", "b") != digest_of("ab", "")


def test_pr_90_every_fault_is_named_with_its_place() -> None:
    wrong = {
        "lines": [{"reference": "1", "item_code": 7, "quantity": "viele", "colour": "red"}, 3],
        "context": {"service_on": "2026-02-30", "region_code": "330100", "institution_level": True},
    }
    with pytest.raises(NotReadable) as refused:
        decoded(Asked, wrong)
    places = {violation.field for violation in refused.value.violations}
    assert places == {
        "lines[0].item_code", "lines[0].quantity", "lines[0].colour", "lines[1]", "context.service_on",
        "context.institution_level", "context.institution_id", "context.ownership",
    }  # fmt: skip
    assert {violation.rule for violation in refused.value.violations} == {"PR-90"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("quantity", "NaN"), ("quantity", "1e999"), ("quantity", True), ("quantity", "1_000"), ("quantity", "١"),
        ("quantity", 10**12), ("item_code", "a\0b"), ("item_code", "\ud800"), ("performed_at", "2026-03-16T09:30:00"),
        ("performed_at", "0001-01-01T00:00:00+00:00"), ("main_reference", 1), ("item_code", "x" * 1001),
    ],
)  # fmt: skip
def test_what_no_rule_could_work_with_is_not_read(field: str, value: Any) -> None:
    told = {"reference": "1", "item_code": "A", "quantity": "1", field: value}
    with pytest.raises(NotReadable):
        decoded(ServiceLine, told)


@pytest.mark.parametrize("written", ["2", "2.50", 2, Decimal("2.50")])
def test_a_quantity_may_be_text_or_an_exact_number(written: Any) -> None:
    read = decoded(ServiceLine, {"reference": "1", "item_code": "A", "quantity": written})
    assert read.quantity == Decimal(str(written))


@pytest.mark.parametrize("text", ["", "{", '{"a":1,"a":2}', "NaN", "[" * 100_000, "9" * 5000, '{"a": 01}'])
def test_what_is_no_json_is_said_so(text: str) -> None:
    with pytest.raises(NotJson):
        json_of(text)


def test_a_place_in_broken_json_is_line_and_column() -> None:
    with pytest.raises(NotJson, match=r"2.*3"):
        json_of("{\n  x")


def test_a_context_of_another_kind_is_refused() -> None:
    with pytest.raises(NotReadable):
        decoded(QuoteContext, ["2026-03-16"])
