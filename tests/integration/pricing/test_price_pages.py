"""Public price pages: nobody signs in, both languages, bad input keeps what was typed."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from pricing.rules.codes import EXPERT_OUTPATIENT, ONLINE_REVISIT, ORDINARY_OUTPATIENT
from registry.models import Institution

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hospital", "some_tariffs")]
TARIFFS = Path(__file__).resolve().parents[3] / "pricing" / "tariffs"
SHIPPED = (
    "10-demo-consultations-2021",
    "11-demo-consultations-2026",
    "12-demo-medicines",
    "20-heilongjiang-2022",
)
Counting = Callable[[int], AbstractContextManager[object]]

AMLODIPINE = "XC08CADEMO001"
DAY = "2026-03-16"


@pytest.fixture
def some_tariffs(db: None) -> None:
    """Consultations and medicines of the demonstration, and a real document of another province."""
    call_command("load_tariff", *(str(TARIFFS / f"{name}.yaml") for name in SHIPPED), stdout=io.StringIO())


@pytest.fixture
def english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def test_the_list_shows_every_price_and_the_documents(client: Client) -> None:
    page = text_of(client, f"/prices/?on={DAY}")
    assert "普通门诊诊查费" in page
    assert "¥10.00" in page
    assert "¥8.40" in page
    assert "演医保发〔2025〕12号" in page
    assert "演医保发〔2025〕13号" in page
    assert "tag--demo" in page


def test_the_list_is_complete_in_english(english: Client) -> None:
    page = text_of(english, f"/prices/?on={DAY}")
    assert "Ordinary outpatient consultation" in page
    assert "Amlodipine besylate tablets 5 mg" in page
    assert "普通门诊" not in page


@pytest.mark.parametrize("typed", ["氨氯地平", "anlvdiping", "BHSALDP", "amlodipine", "xc08cademo001"])
def test_an_item_is_found_by_name_pinyin_initials_english_and_code(client: Client, typed: str) -> None:
    page = text_of(client, f"/prices/?q={typed}&on={DAY}")
    assert AMLODIPINE in page
    assert "XC09CADEMO004" not in page


def test_a_category_narrows_the_list(client: Client) -> None:
    page = text_of(client, f"/prices/?category=consultation&on={DAY}")
    assert ORDINARY_OUTPATIENT in page
    assert AMLODIPINE not in page


def test_another_day_shows_that_days_prices(client: Client) -> None:
    page = text_of(client, "/prices/?on=2025-12-31")
    assert "¥8.00" in page
    assert "¥8.40" not in page


def test_a_wrong_day_is_told_beside_the_field_and_what_was_typed_is_kept(client: Client) -> None:
    page = text_of(client, "/prices/?q=menzhen&on=yesterday")
    assert 'value="menzhen"' in page
    assert 'value="yesterday"' in page
    assert "field__error" in page


def test_nothing_found_says_what_to_do(english: Client) -> None:
    assert "Show all prices" in text_of(english, "/prices/?q=nothing+of+this+name")


def test_the_item_shows_amounts_by_title_and_history(client: Client) -> None:
    page = text_of(client, f"/prices/{EXPERT_OUTPATIENT}/?on={DAY}")
    assert "副主任医师" in page
    assert "¥20.00" in page
    assert "¥30.00" in page
    assert "¥24.00" in page


def test_why_an_online_re_diagnosis_costs_what_it_costs(client: Client) -> None:
    page = text_of(client, f"/prices/{ONLINE_REVISIT}/why/?on={DAY}&title=231&age=67")
    assert "为什么是 ¥10.00" in page
    assert "互联网复诊，按普通门诊诊查费" in page
    assert "职称：主任医师" in page
    assert "年龄：67 岁" in page
    assert "¥30.00" in page
    assert "演医保发〔2025〕12号" in page
    assert "¥7.00" in page
    assert "¥8.00" in page


def test_the_same_in_english(english: Client) -> None:
    page = text_of(english, f"/prices/{ONLINE_REVISIT}/why/?on={DAY}&title=231&age=67")
    assert "Why ¥10.00" in page
    assert "Online re-diagnosis, charged as: Ordinary outpatient consultation" in page
    assert "a visit to the clinic of the same chief physician costs ¥30.00." in page


def test_why_without_a_price_says_so_and_is_not_found(english: Client) -> None:
    page = text_of(english, f"/prices/{EXPERT_OUTPATIENT}/why/?on={DAY}", status=404)
    assert "No document sets a price" in page


@pytest.mark.parametrize(
    "query", ["?title=999", "?age=-1", "?age=abc", "?on=2026-99-99", "?institution=NOSUCH"]
)
def test_a_wrong_address_is_read_as_if_the_wrong_part_were_not_there(client: Client, query: str) -> None:
    assert "¥" in text_of(client, f"/prices/{ONLINE_REVISIT}/why/{query}")


@pytest.mark.parametrize("code", ["NOSUCH", "HLJ-HLWFZ"])
def test_an_item_that_is_unknown_here_is_not_found(client: Client, code: str) -> None:
    text_of(client, f"/prices/{code}/", status=404)


def test_a_zero_age_is_an_age(client: Client) -> None:
    assert "年龄：0 岁" in text_of(client, f"/prices/{ONLINE_REVISIT}/why/?on={DAY}&age=0")


def test_the_list_takes_few_queries(
    client: Client, hospital: Institution, django_assert_num_queries: Counting
) -> None:
    with django_assert_num_queries(7):
        client.get(f"/prices/?on={DAY}")


def test_no_page_carries_a_script_or_style_of_its_own(client: Client) -> None:
    for path in ("/prices/", f"/prices/{ONLINE_REVISIT}/", f"/prices/{ONLINE_REVISIT}/why/"):
        page = text_of(client, path)
        assert "<style" not in page
        assert "style=" not in page
        assert "onclick" not in page
