"""The charging rules that bind a hospital, public, in both languages, found by item."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from registry.models import Institution
from tests.factories.charge_rules import ChargeRuleFactory
from tests.factories.pricing import PriceItemFactory, TariffDocumentFactory

pytestmark = pytest.mark.django_db
Counting = Callable[[int], AbstractContextManager[object]]
DAY = "2026-03-16"


def page_of(client: Client, query: str = "", language: str = "zh-hans") -> str:
    client.cookies["django_language"] = language
    response = client.get(f"/prices/rules/?on={DAY}{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_a_rule_is_shown_with_its_words_items_limit_and_source(client: Client, hospital: Institution) -> None:
    document = TariffDocumentFactory(number="演〔2025〕9号")
    ChargeRuleFactory(
        text="糖化血红蛋白每 15 日限 1 次。", text_en="Glycated haemoglobin once in 15 days.", window="days",
        window_length=15, document=document, place="附表 3",
        subjects=[PriceItemFactory(name="糖化血红蛋白测定", name_en="Glycated haemoglobin")],
    )  # fmt: skip
    chinese = page_of(client)
    for words in ("糖化血红蛋白每 15 日限 1 次。", "糖化血红蛋白测定", "演〔2025〕9号 附表 3", "tag--demo"):
        assert words in chinese
    english = page_of(client, language="en")
    for words in ("Glycated haemoglobin once in 15 days.", "within 15 days", "1 at most"):
        assert words in english


def test_both_sides_of_an_exclusion_are_named(client: Client, hospital: Institution) -> None:
    ChargeRuleFactory(
        exclusion=True,
        subjects=[PriceItemFactory(name="接生")],
        partners=[PriceItemFactory(name="胎心监测")],
    )
    page = page_of(client)
    assert "接生" in page
    assert "胎心监测" in page


def test_only_rules_that_bind_the_hospital_on_the_day_are_listed(
    client: Client, hospital: Institution
) -> None:
    ChargeRuleFactory(text="本省规则。", region_code="330000")
    ChargeRuleFactory(text="外省规则。", region_code="110000")
    ChargeRuleFactory(text="真实规则。", document=TariffDocumentFactory(evidence="A"))
    ChargeRuleFactory(text="去年规则。", effective=DateRange(date(2025, 1, 1), date(2026, 1, 1)))
    page = page_of(client)
    assert "本省规则。" in page
    for absent in ("外省规则。", "真实规则。", "去年规则。"):
        assert absent not in page


@pytest.mark.parametrize("typed", ["胎心", "txjc", "taixin", "FETAL-1"])
def test_rules_are_found_by_either_items_name_pinyin_initials_or_code(
    client: Client, hospital: Institution, typed: str
) -> None:
    item = PriceItemFactory(code="FETAL-1", name="胎心监测")
    ChargeRuleFactory(text="它是本方。", subjects=[item])
    ChargeRuleFactory(text="它是对方。", exclusion=True, subjects=[PriceItemFactory()], partners=[item])
    ChargeRuleFactory(text="与它无关。", subjects=[PriceItemFactory()])
    page = page_of(client, f"&q={typed}")
    assert "它是本方。" in page
    assert "它是对方。" in page
    assert "与它无关。" not in page


def test_without_a_hospital_the_page_says_so(client: Client, db: None) -> None:
    assert "No hospital yet" in page_of(client, language="en")


def test_nothing_found_says_so(client: Client, hospital: Institution) -> None:
    assert "No rule found" in page_of(client, "&q=nothing", language="en")


def test_a_wrong_day_is_told_beside_the_field_and_kept(client: Client, hospital: Institution) -> None:
    page = client.get("/prices/rules/?on=yesterday").content.decode()
    assert 'value="yesterday"' in page
    assert "field__error" in page


def test_a_quota_of_many_items_names_the_first_and_counts_the_rest(
    client: Client, hospital: Institution
) -> None:
    items = [PriceItemFactory(code=f"Q{n:02}", name=f"项目{n:02}") for n in range(15)]
    ChargeRuleFactory(kind="shared_quota", subjects=items)
    page = page_of(client, language="en")
    assert "10 more" in page


@pytest.mark.parametrize("count", [1, 45])
def test_the_number_of_queries_does_not_grow_with_the_rules(
    client: Client, hospital: Institution, count: int, django_assert_num_queries: Counting
) -> None:
    for _ in range(count):
        ChargeRuleFactory(exclusion=True, subjects=[PriceItemFactory()], partners=[PriceItemFactory()])
    client.get("/prices/rules/")
    with django_assert_num_queries(6):
        client.get(f"/prices/rules/?on={DAY}")
