"""A quote gathers the rules that may concern it, in one query, and is refused by what they say."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from pricing.models import PriceItem
from pricing.queries import context_of, quote_for
from pricing.queries.charge_rules import rule_facts, rules_of
from pricing.rules import ServiceLine
from pricing.rules.errors import ChargeRulesBroken
from pricing.rules.facts import ChargedLine
from pricing.rules.kinds import RuleKind, Window
from registry.models import Institution
from tests.factories.charge_rules import ChargeRuleFactory
from tests.factories.pricing import RECORDED_AT, PriceFactory, PriceItemFactory, TariffDocumentFactory

pytestmark = pytest.mark.django_db
Counting = Callable[[int], AbstractContextManager[object]]
DAY = date(2026, 3, 16)


@pytest.fixture
def items() -> list[PriceItem]:
    return [PriceFactory().item for _ in range(3)]


def codes(hospital: Institution, *items: PriceItem, on: date = DAY) -> list[str]:
    return [rule.code for rule in rule_facts([item.pk for item in items], context_of(hospital, on))]


def test_a_rule_comes_with_everything_it_says(hospital: Institution, items: list[PriceItem]) -> None:
    document = TariffDocumentFactory(number="演〔2025〕9号")
    ChargeRuleFactory(
        exclusion=True, code="X1", window="hours", window_length=6, place="附表 3", document=document,
        subjects=items[:2], partners=items[2:], effective=DateRange(DAY, DAY + timedelta(days=1)),
    )  # fmt: skip
    (rule,) = rule_facts([items[0].pk], context_of(hospital, DAY))
    assert (rule.kind, rule.window, rule.window_length) == (RuleKind.EXCLUSION, Window.HOURS, 6)
    assert rule.subjects == {items[0].code, items[1].code}
    assert rule.partners == {items[2].code}
    assert (rule.source, rule.evidence_grade) == ("演〔2025〕9号 附表 3", "D")
    assert (rule.begin, rule.end) == (DAY, DAY + timedelta(days=1))
    assert (rule.limit_quantity, rule.limit_amount) == (None, None)


def test_only_rules_that_name_an_item_are_asked_for(hospital: Institution, items: list[PriceItem]) -> None:
    ChargeRuleFactory(code="A", subjects=items[:1])
    ChargeRuleFactory(code="B", exclusion=True, subjects=[PriceItemFactory()], partners=items[:1])
    ChargeRuleFactory(
        code="C", kind="needs_another", limit_quantity=None, subjects=items[1:2], partners=items[:1]
    )
    assert codes(hospital, items[0]) == ["A", "B"], "a needed item is not bound by the rule that needs it"
    assert codes(hospital, items[1]) == ["C"]
    assert codes(hospital, items[2]) == []
    assert codes(hospital) == []


def test_region_day_and_kind_of_document_decide(hospital: Institution, items: list[PriceItem]) -> None:
    on = items[:1]
    ChargeRuleFactory(code="city", region_code="330100", subjects=on)
    ChargeRuleFactory(code="elsewhere", region_code="110000", subjects=on)
    ChargeRuleFactory(code="ended", effective=DateRange(date(2026, 1, 1), DAY), subjects=on)
    ChargeRuleFactory(code="to come", effective=DateRange(DAY + timedelta(days=1), None), subjects=on)
    ChargeRuleFactory(code="real", document=TariffDocumentFactory(evidence="A"), subjects=on)
    assert codes(hospital, *on) == ["city"]
    assert [rule.code for rule in rules_of(context_of(hospital, DAY))] == ["city"]
    hospital.is_demonstration = False
    assert codes(hospital, *on) == ["real"]


def test_rules_that_were_recorded_later_were_not_known_before(
    hospital: Institution, items: list[PriceItem]
) -> None:
    ChargeRuleFactory(subjects=items[:1])
    context = context_of(hospital, DAY)
    assert len(rule_facts([items[0].pk], context, known_at=RECORDED_AT)) == 1
    assert not rule_facts([items[0].pk], context, known_at=RECORDED_AT - timedelta(seconds=1))


@pytest.mark.parametrize("count", [1, 30])
def test_it_takes_one_query_whatever_binds_the_items(
    hospital: Institution, items: list[PriceItem], count: int, django_assert_num_queries: Counting
) -> None:
    for _ in range(count):
        ChargeRuleFactory(exclusion=True, subjects=items[:1], partners=items[1:])
    with django_assert_num_queries(1):
        assert len(rule_facts([item.pk for item in items], context_of(hospital, DAY))) == count
    with django_assert_num_queries(0):
        rule_facts([], context_of(hospital, DAY))


def test_a_quote_is_refused_by_the_rule_with_its_words_source_and_way_on(
    hospital: Institution, items: list[PriceItem]
) -> None:
    ChargeRuleFactory(
        exclusion=True, subjects=items[:1], partners=items[1:2], document__number="演〔2025〕9号"
    )
    lines = [ServiceLine(str(n), item.code, Decimal(1)) for n, item in enumerate(items)]
    with pytest.raises(ChargeRulesBroken) as refusal:
        quote_for(lines=lines, institution=hospital, service_on=DAY)
    (violation,) = refusal.value.violations
    assert (violation.rule, violation.field) == ("PR-40", "0")
    assert violation.message == "单日不得同时收取。"
    assert violation.source == "演〔2025〕9号 第一条"
    assert items[1].name in str(violation.way_on)
    assert quote_for(lines=lines[1:], institution=hospital, service_on=DAY).total == Decimal(20)


def test_a_quote_counts_what_was_charged_before(hospital: Institution, items: list[PriceItem]) -> None:
    ChargeRuleFactory(subjects=items[:1])
    lines = [ServiceLine("1", items[0].code, Decimal(1))]
    before = ChargedLine(items[0].code, Decimal(1), Decimal(10), DAY, "V-earlier")
    with pytest.raises(ChargeRulesBroken):
        quote_for(lines=lines, institution=hospital, service_on=DAY, charged=[before])
    yesterday = replace(before, service_on=DAY - timedelta(days=1))
    assert quote_for(lines=lines, institution=hospital, service_on=DAY, charged=[yesterday]).total == 10
