"""What will a visit to my address cost: the public calculator."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from pricing import demo
from pricing.models import Category, OnsiteFeeRow, OnsiteFeeSchedule, OnsitePart, PublicHoliday
from pricing.operations import draft_onsite_fee
from registry.models import Institution
from tests.factories.onsite import base, by_distance, drafted, onsite_item, published
from tests.factories.pricing import PriceFactory, PriceItemFactory

pytestmark = pytest.mark.django_db
Counting = Callable[[int], AbstractContextManager[object]]
PATH = "/prices/onsite-fee/"
ASKED = {
    "area": "inside", "distance_km": "4", "nurse_title": "254", "day": "2026-03-16", "start": "09:00",
    "duration_minutes": "60", "persons": "1",
}  # fmt: skip


@pytest.fixture
def fee(hospital: Institution) -> OnsiteFeeSchedule:
    """The fee of the demonstration."""
    onsite_item(code=demo.ONSITE_ITEM)
    demo.load(at=datetime(2026, 3, 1, tzinfo=UTC))
    return OnsiteFeeSchedule.objects.get()


@pytest.fixture
def english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


def text_of(client: Client, **asked: str) -> str:
    response = client.get(PATH, asked)
    assert response.status_code == 200
    return response.content.decode()


def result_of(page: str) -> str:
    """The part that answers, without the form and the published tables."""
    return page[page.index('id="visit"') : page.index('id="table-1"')]


def plain_words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.mark.usefixtures("fee")
def test_before_anything_is_asked_the_table_is_there_and_no_price(english: Client) -> None:
    page = text_of(english)
    assert "The price appears here" in page
    assert "over 3 to 5 km" in page
    assert "¥140.00" in page
    assert "¥170.00" in page  # a nurse in charge
    assert demo.NUMBER in page
    assert "demonstration" in page


@pytest.mark.usefixtures("fee")
def test_the_fee_is_shown_with_every_step_and_its_document(english: Client) -> None:
    night = ASKED | {"start": "21:30", "duration_minutes": "100", "persons": "2"}
    result = plain_words(result_of(text_of(english, **night)))
    # 140; 2 × 30 begun; 30 % by night = 42; 40 % for one more person = 56
    for words in ("¥298.00", "over 3 to 5 km", "+ ¥60.00", "+ ¥42.00", "+ ¥56.00", demo.NUMBER):
        assert words in result


@pytest.mark.usefixtures("fee")
def test_the_page_is_complete_in_chinese(client: Client) -> None:
    result = plain_words(result_of(text_of(client, **ASKED)))
    assert "上门服务费：超过 3 公里，至 5 公里" in result
    assert "演示市第一人民医院" in result


@pytest.mark.usefixtures("fee")
def test_a_demonstration_holiday_is_dearer(english: Client) -> None:
    result = plain_words(result_of(text_of(english, **ASKED | {"day": "2026-10-01"})))
    assert "On a public holiday" in result
    assert "¥210.00" in result  # 140 and 50 %


@pytest.mark.usefixtures("fee")
def test_a_year_whose_holidays_nobody_entered_is_said_to_be_so(english: Client) -> None:
    PublicHoliday.objects.all().delete()
    assert "has not entered the public holidays" in text_of(english, **ASKED)


@pytest.mark.usefixtures("fee")
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"area": "outside"}, "outside the area"),
        ({"distance_km": "20.01"}, "does not come as far as 20.01 km"),
        ({"day": "2025-12-31"}, "published no on-site fee for this day"),
    ],
)
def test_where_there_is_no_fee_the_way_on_is_shown_and_no_amount(
    english: Client, asked: dict[str, str], said: str
) -> None:
    page = text_of(english, **ASKED | asked)
    result = result_of(page)
    assert said in result
    assert "¥" not in result
    assert "0571-00000000" in result
    assert page.count(said) >= 2  # beside the field as well


@pytest.mark.usefixtures("fee")
@pytest.mark.parametrize(
    ("name", "typed"),
    [("distance_km", "near"), ("distance_km", "-1"), ("distance_km", "3.001"), ("day", "tomorrow"),
     ("start", "9 am"), ("persons", "0"), ("duration_minutes", "0"), ("area", "x"), ("nurse_title", "231")],
)  # fmt: skip
def test_a_wrong_answer_is_said_beside_its_field_and_kept(english: Client, name: str, typed: str) -> None:
    page = text_of(english, **ASKED | {name: typed})
    assert "¥" not in result_of(page)
    assert f'id="id_{name}-error"' in page
    if name not in {"area", "nurse_title"}:
        assert f'value="{typed}"' in page


@pytest.mark.usefixtures("fee")
def test_with_nursing_items_and_consumables_the_whole_visit_is_priced(english: Client) -> None:
    dressing = PriceItemFactory(category=Category.NURSING, service="home_nursing", name_en="Dressing")
    PriceFactory(item=dressing, amount=Decimal("45.50"), insurance_class="02")
    pad = PriceItemFactory(category=Category.CONSUMABLE, name_en="Pad")
    PriceFactory(item=pad, amount=Decimal("6.50"), insurance_class="")
    in_hospital = PriceItemFactory(category=Category.NURSING, name_en="Ward care")
    PriceFactory(item=in_hospital)
    page = text_of(english, **ASKED | {f"n-{dressing.code}": "1", f"n-{pad.code}": "3"})
    result = plain_words(result_of(page))
    for words in ("The whole visit", "¥205.00", "¥45.50", "¥19.50", "¥140.00", "self-paid"):
        assert words in result
    assert "Ward care" not in page


@pytest.mark.usefixtures("fee")
def test_a_quantity_that_cannot_be_is_refused_beside_its_item(english: Client) -> None:
    pad = PriceItemFactory(category=Category.CONSUMABLE)
    PriceFactory(item=pad)
    page = text_of(english, **ASKED | {f"n-{pad.code}": "1.5"})
    assert f'id="id_n-{pad.code}-error"' in page
    assert "¥" not in result_of(page)


def test_only_what_the_schedule_goes_by_is_asked(hospital: Institution, english: Client) -> None:
    published(hospital, [base("100")])
    page = text_of(english)
    assert "distance_km" not in page
    assert "nurse_title" not in page
    asked = {name: value for name, value in ASKED.items() if name not in {"distance_km", "nurse_title"}}
    assert "¥100.00" in result_of(text_of(english, **asked))


def test_a_draft_is_not_shown(hospital: Institution, english: Client) -> None:
    drafted(hospital)
    page = text_of(english)
    assert "No on-site fee is published" in page
    assert "¥" not in page


def test_without_a_hospital_the_page_says_so(english: Client) -> None:
    assert "No on-site fee is published" in text_of(english)


def test_a_fee_to_come_can_be_read_and_asked_for_before_it_applies(
    hospital: Institution, english: Client
) -> None:
    first = published(hospital)
    today = timezone.localdate()
    begin = today + timedelta(days=10)
    published(hospital, [base("77")], item=first.item, first_day=begin, at=timezone.now())
    page = text_of(english)
    assert page.count('class="datatable') == 2
    asked = {name: value for name, value in ASKED.items() if name not in {"distance_km", "nurse_title"}}
    result = result_of(text_of(english, **asked | {"day": begin.isoformat()}))
    assert "¥77.00" in result


def test_each_kind_of_visit_has_its_own_fee(hospital: Institution, english: Client) -> None:
    published(hospital, by_distance())
    other = onsite_item(name_en="Rehabilitation at home")
    published(hospital, [base("88")], item=other)
    page = text_of(english, **ASKED | {"item": other.code})
    assert "Rehabilitation at home" in page
    assert "¥88.00" in result_of(page)


def test_one_hospital_of_several_can_be_chosen(hospital: Institution, english: Client) -> None:
    published(hospital)
    other = Institution.objects.get(pk=hospital.pk)
    other.pk, other.code, other.name_en = None, "H33010000002", "Second Hospital"
    other.save()
    published(other, [base("66")])
    page = text_of(english, **ASKED | {"institution": other.code})
    assert "¥66.00" in result_of(page)
    assert "Second Hospital" in page


@pytest.mark.usefixtures("fee")
def test_the_number_of_queries_does_not_grow_with_the_items(
    client: Client, django_assert_max_num_queries: Counting
) -> None:
    codes = []
    for _number in range(8):
        item = PriceItemFactory(category=Category.NURSING, service="home_nursing")
        PriceFactory(item=item)
        codes.append(item.code)
    with django_assert_max_num_queries(30) as few:
        text_of(client, **ASKED | {f"n-{codes[0]}": "1"})
    with django_assert_max_num_queries(len(few.captured_queries)):  # type: ignore[attr-defined]
        text_of(client, **ASKED | {f"n-{code}": "1" for code in codes})


def test_the_demonstration_can_be_loaded_again(fee: OnsiteFeeSchedule) -> None:
    demo.load(at=datetime(2026, 3, 2, tzinfo=UTC))
    assert OnsiteFeeSchedule.objects.get() == fee
    assert PublicHoliday.objects.count() == len(demo.HOLIDAYS)
    assert (fee.published_on, fee.effective.lower) == (date(2025, 12, 19), date(2026, 1, 1))


def test_without_the_demonstration_tariff_nothing_is_published(hospital: Institution) -> None:
    demo.load(at=datetime(2026, 3, 1, tzinfo=UTC))
    assert not OnsiteFeeSchedule.objects.filter(institution=hospital).exists()


def test_rows_that_depend_on_something_say_so_in_the_table(hospital: Institution, english: Client) -> None:
    draft = drafted(hospital)
    rows = [
        base("100", minutes_up_to=60), base("150", minutes_above=60),
        OnsiteFeeRow(part=OnsitePart.EXTRA_PERSON, amount=Decimal(20), title="252"),
    ]  # fmt: skip
    draft_onsite_fee(schedule=draft, rows=rows, by=None, at=draft.drafted_at)
    published(hospital, [*rows], item=onsite_item())
    page = plain_words(text_of(english))
    assert "up to 60 minutes" in page
    assert "over 60 minutes" in page
    assert "Each further person at the same address" in page
