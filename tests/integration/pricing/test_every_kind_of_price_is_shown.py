"""The public list and the page of one item say every kind of amount as its document says it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pricing.models import Category, ChargeRule, ItemSuccession, Price, PriceItem
from pricing.pages.urls import urlpatterns
from pricing.rules.codes import ADDRESSES
from registry.models import Institution
from tests.factories.pricing import RECORDED_AT, PriceFactory, PriceItemFactory, TariffDocumentFactory

pytestmark = pytest.mark.django_db

DAY = "2026-03-16"
ENGLISH = {"django_language": "en"}


@pytest.fixture(autouse=True)
def _english(client: Client, hospital: Institution) -> None:
    client.cookies["django_language"] = "en"


def priced(code: str, kind: str = "fixed", amount: str | None = None, **terms: Any) -> Price:
    item = terms.pop("item", None) or PriceItemFactory(code=code, region_code="330000", is_demonstration=True)
    yuan = None if amount is None else Decimal(amount)
    return PriceFactory(item=item, kind=kind, amount=yuan, insurance_class="", self_pay_rate=None, **terms)


def read(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def on_both(client: Client, code: str) -> tuple[str, str]:
    return read(client, f"/prices/?on={DAY}"), read(client, f"/prices/{code}/?on={DAY}")


BANDS = [
    {"above": "0", "up_to": "3", "amount": "130"},
    {"above": "3", "up_to": "5", "amount": "200"},
    {"above": "5", "amount": "550"},
]


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"amount": "0"}, ["¥0.00"]),
        ({"amount": "0.125"}, ["¥0.125"]),
        ({"kind": "ceiling", "maximum_amount": Decimal(30)}, ["at most ¥30.00"]),
        (
            {"kind": "range", "minimum_amount": Decimal(100), "maximum_amount": Decimal(300)},
            ["¥100.00–300.00", "has not published its own price yet, so nothing is charged"],
        ),
        ({"kind": "self_set"}, ["set by the hospital", "has not published its own price yet"]),
        ({"kind": "hourly", "amount": "5"}, ["¥5.00 an hour"]),
        (
            {
                "kind": "base_and_further",
                "amount": "10",
                "included_quantity": Decimal(2),
                "further_amount": Decimal("3.5"),
            },
            ["¥10.00 for the first 2 visit", "¥3.50 for each further visit"],
        ),
        ({"kind": "tiered", "band_axis": "distance", "bands": BANDS}, ["¥130.00–550.00", "goes by distance"]),
        ({"amount": "8", "is_trial": True}, ["trial price"]),
        ({"amount": "8", "cap_amount": Decimal(96)}, ["At most ¥96.00 for one charge."]),
        ({"amount": "8", "period_cap_amount": Decimal(96), "period_cap_days": 1}, ["At most ¥96.00 a day."]),
        (
            {"amount": "8", "period_cap_amount": Decimal(96), "period_cap_days": 7},
            ["At most ¥96.00 in 7 days."],
        ),
        ({"amount": "50", "fund_amount": Decimal(40)}, ["the fund pays ¥40.00"]),
        ({"amount": "11", "takes_surcharges": False}, ["Nothing may be added to this price."]),
    ],
)
def test_a_kind_of_amount_is_said_on_the_list_and_on_its_page(
    client: Client, terms: dict[str, Any], said: list[str]
) -> None:
    priced("X1", **terms)
    for page in on_both(client, "X1"):
        for words in said:
            assert words in page


def test_every_band_stands_on_the_page_of_the_item(client: Client) -> None:
    priced("X1", kind="tiered", band_axis="distance", bands=BANDS)
    page = read(client, f"/prices/X1/?on={DAY}")
    assert "up to 3 km" in page
    assert "over 3 to 5 km" in page
    assert "over 5 km" in page
    assert "¥200.00" in page


def test_an_own_price_is_shown_with_what_the_regulator_allows(client: Client, hospital: Institution) -> None:
    limit = priced("X1", kind="range", minimum_amount=Decimal(100), maximum_amount=Decimal(300))
    priced("X1", amount="180", item=limit.item, institution=hospital, institution_level=None)
    for page in on_both(client, "X1"):
        assert "¥180.00" in page
        assert f"{limit.document.number} allows: ¥100.00–300.00." in page
        assert "has not published its own price" not in page


def test_amounts_are_parted_by_title_age_and_condition(client: Client) -> None:
    item = priced("X1", amount="20", title="232").item
    priced("X1", amount="30", title="231", item=item)
    priced("X1", amount="11", item=item, condition="乳牙")
    priced("X1", amount="12", item=item, age_from=0, age_to=6)
    for page in on_both(client, "X1"):
        for words in (
            "chief physician",
            "associate chief physician",
            "乳牙",
            "aged 0 to 6",
            "¥30.00",
            "¥11.00",
        ):
            assert words in page


def test_a_surcharge_stands_under_its_main_item_and_says_of_what_it_is_a_part(client: Client) -> None:
    main = priced("M1", amount="10").item
    child = PriceItemFactory(
        code="S1", kind="surcharge", main_item=main, region_code="330000", name_en="Child"
    )
    priced("S1", kind="percentage", rate=Decimal("0.3"), item=child)
    listed = read(client, f"/prices/?on={DAY}")
    assert listed.index(">M1<") < listed.index(">S1<")
    assert "priceentry--hangs" in listed
    assert "+ 30 %" in listed
    assert "A part of the price of: Item M1." in listed
    assert "Child" in read(client, f"/prices/M1/?on={DAY}")
    page = read(client, f"/prices/S1/?on={DAY}")
    assert "Charged only together with: Item M1." in page
    assert "Why this price" not in page


def test_an_extension_is_charged_as_its_main_item_and_in_its_place(client: Client) -> None:
    main = priced("M1", amount="10").item
    PriceItemFactory(code="E1", kind="extension", main_item=main, region_code="330000")
    page = read(client, f"/prices/E1/?on={DAY}")
    assert "¥10.00" in page
    assert "in its place, never together with it" in page


def test_an_item_without_a_known_price_says_so(client: Client) -> None:
    PriceItemFactory(code="X1", region_code="330000", is_demonstration=True)
    assert "No price is known here, so it is not charged." in read(client, f"/prices/?on={DAY}")
    assert "No document sets a price for this item here" in read(client, f"/prices/X1/?on={DAY}")


def test_items_of_the_national_list_without_a_price_are_found_only_by_a_search(client: Client) -> None:
    PriceItemFactory(code="N1", region_code="000000", is_demonstration=True)
    assert ">N1<" not in read(client, f"/prices/?on={DAY}")
    assert ">N1<" in read(client, f"/prices/?on={DAY}&q=N1")


def test_an_abolished_item_names_its_successor_and_shows_no_amount(client: Client) -> None:
    old, new = priced("OLD", amount="77").item, priced("NEW", amount="10").item
    ItemSuccession.objects.create(
        item=old, successor=new, region_code="330000", from_on=date(2026, 2, 1), document=TariffDocumentFactory(),
        recorded_at=RECORDED_AT,
    )  # fmt: skip
    listed, page = on_both(client, "OLD")
    for text in (listed, page):
        assert "Abolished from" in text
        assert "Charged instead: Item NEW (NEW)." in text
    assert "¥77.00" not in listed
    assert "Abolished" not in read(client, "/prices/OLD/?on=2026-01-31")


def test_a_service_that_no_document_opened_says_so(client: Client) -> None:
    item = PriceItemFactory(code="FV", service="first_visit", region_code="330000")
    priced("FV", amount="40", item=item)
    for page in on_both(client, "FV"):
        assert "Not opened here by any document, so it is not charged." in page


def test_rules_that_name_the_item_stand_on_its_page(client: Client) -> None:
    one, other = priced("A1", amount="1").item, priced("B1", amount="1").item
    rule = ChargeRule.objects.create(
        code="R1", kind="exclusion", text="不得同时收取", text_en="Not both in one visit", region_code="330000",
        window="visit", document=TariffDocumentFactory(number="某号"), place="表1", recorded_at=RECORDED_AT,
        effective=DateRange(date(2026, 1, 1), None),
    )  # fmt: skip
    rule.subjects.add(one)
    rule.partners.add(other)
    for code in ("A1", "B1"):
        page = read(client, f"/prices/{code}/?on={DAY}")
        assert "Not both in one visit" in page
        assert "某号 表1" in page


def test_every_row_says_from_when_to_when_it_was_known(client: Client) -> None:
    old = priced("X1", amount="8")
    Price.objects.filter(pk=old.pk).update(retracted_at=datetime(2026, 3, 1, 2, 0, tzinfo=UTC))
    priced("X1", amount="9", item=old.item, recorded_at=datetime(2026, 3, 1, 2, 0, tzinfo=UTC))
    page = read(client, f"/prices/X1/?on={DAY}")
    assert "¥8.00" in page
    assert "2025-12-01" in page
    assert "2026-03-01" in page
    assert "Known since 1 March 2026" in page or "Known since March 1, 2026" in page


def test_a_long_list_has_pages(client: Client) -> None:
    for number in range(45):
        priced(f"P{number:02}", amount="1")
    first = read(client, f"/prices/?on={DAY}")
    assert ">P00<" in first
    assert ">P44<" not in first
    assert "45 items" in first
    assert ">P44<" in read(client, f"/prices/?on={DAY}&page=2")
    assert ">P44<" in read(client, f"/prices/?on={DAY}&page=99")


def test_the_number_of_queries_does_not_grow_with_the_rows(client: Client) -> None:
    main = priced("X0", amount="1").item

    def queries(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            read(client, path)
        return len(asked)

    paths = [f"/prices/?on={DAY}", f"/prices/X0/?on={DAY}", f"/prices/X0/compare/?on={DAY}"]
    before = [queries(path) for path in paths]
    for number in range(1, 20):
        item = PriceItemFactory(code=f"X{number}", kind="surcharge", main_item=main, region_code="330000")
        priced("", kind="percentage", rate=Decimal("0.1"), item=item)
        priced("", amount="2", item=main, title="", institution_level=3, region_code=f"33{number:02}00")
    assert [queries(path) for path in paths] == before


@pytest.mark.parametrize("word", sorted(ADDRESSES))
def test_no_item_can_have_an_address_as_its_code(word: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PriceItem.objects.create(
            code=word, name="x", name_en="x", category=Category.DRUG, unit="x", unit_en="x", search_key=""
        )


def test_every_fixed_word_under_the_prices_is_reserved() -> None:
    words = {
        str(getattr(entry, "pattern", "")).split("/")[1]
        for entry in urlpatterns
        if str(getattr(entry, "pattern", "")).startswith("prices/")
    }
    assert {word for word in words if word and not word.startswith("<")} <= ADDRESSES


def test_a_code_with_a_slash_is_refused() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PriceItemFactory(code="a/b")
