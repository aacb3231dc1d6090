"""One item across provinces and hospitals, and what is not in order in the tariffs: both open to everybody."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from pricing.models import Price
from registry.models import Institution
from tests.factories.pricing import PriceFactory, PriceItemFactory, TariffDocumentFactory

pytestmark = pytest.mark.django_db

DAY = "2026-03-16"


@pytest.fixture(autouse=True)
def _english(client: Client, hospital: Institution) -> None:
    client.cookies["django_language"] = "en"


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def real(region: str, amount: str, **said: Any) -> Price:
    paper = TariffDocumentFactory(
        region_code=region, evidence=said.pop("evidence", "A"), source_key="S1", number=f"{region}号{amount}"
    )
    said.setdefault("institution_level", None)
    return PriceFactory(region_code=region, amount=Decimal(amount), document=paper, **said)


def test_the_title_says_the_finding_and_provinces_without_a_number_are_named(client: Client) -> None:
    item = real("510000", "3.00").item
    real("230000", "7.00", item=item, evidence="C")
    page = read(client, f"/prices/{item.code}/compare/?on={DAY}")
    assert "From ¥3.00 in Sichuan to ¥7.00 in Heilongjiang" in page
    assert "No number known in 29 provinces:" in page
    assert "Qinghai" in page
    assert "C: quoted by someone else" in page
    assert "510000号3.00" in page


def test_real_and_invented_prices_are_in_charts_of_their_own(client: Client) -> None:
    item = real("510000", "3.00").item
    PriceFactory(item=item, amount=Decimal("99.00"), region_code="330000")
    page = read(client, f"/prices/{item.code}/compare/?on={DAY}")
    charts = page.split('class="compare')
    real_chart = page[page.index('id="chart-1"') : page.index('id="chart-2"')]
    invented = page[page.index('id="chart-2"') :]
    assert len(charts) > 2
    assert "¥99.00" not in real_chart
    assert "demonstration, invented" not in real_chart
    assert "demonstration, invented" in invented
    assert "¥3.00" not in invented[: invented.index("</section>")]


def test_items_of_other_provinces_that_stand_for_the_same_service_are_compared(client: Client) -> None:
    mine = PriceItemFactory(code="SC1", service="online_revisit", region_code="510000")
    theirs = PriceItemFactory(code="HL1", service="online_revisit", region_code="230000", name_en="Theirs")
    real("510000", "3.00", item=mine)
    real("230000", "7.00", item=theirs)
    page = read(client, f"/prices/SC1/compare/?on={DAY}")
    assert "¥7.00" in page
    assert "Theirs HL1" in page


def test_a_hospital_is_named_with_its_own_price(client: Client, hospital: Institution) -> None:
    price = PriceFactory(
        amount=Decimal("9.00"), institution=hospital, institution_level=None, region_code="330100"
    )
    page = read(client, f"/prices/{price.item.code}/compare/?on={DAY}")
    assert "Demo City First People&#x27;s Hospital" in page
    assert "its own price" in page


def test_an_item_without_any_number_says_so(client: Client) -> None:
    PriceItemFactory(code="X1", region_code="630000")
    page = read(client, f"/prices/X1/compare/?on={DAY}")
    assert "No number is known for any province" in page
    assert "No price known" in page


def test_kinds_without_an_amount_are_in_the_table_and_not_in_the_chart(client: Client) -> None:
    item = real("510000", "3.00").item
    paper = TariffDocumentFactory(region_code="340000", evidence="A", source_key="S1")
    PriceFactory(
        item=item, kind="self_set", amount=None, region_code="340000", document=paper, institution_level=None
    )
    page = read(client, f"/prices/{item.code}/compare/?on={DAY}")
    assert "¥3.00 in the one place where a number is known" in page
    assert "set by the hospital" in page


def test_an_unknown_item_is_not_found(client: Client) -> None:
    assert client.get("/prices/NOSUCH/compare/").status_code == 404


def test_the_proof_names_gaps_and_missing_sources(client: Client) -> None:
    before = PriceFactory(effective=DateRange(date(2026, 1, 1), date(2026, 2, 1)))
    PriceFactory(item=before.item, document=before.document, effective=DateRange(date(2026, 3, 1), None))
    page = read(client, "/prices/proof/")
    assert before.item.code in page
    assert "days without a price" in page
    assert "1 February 2026" in page or "Feb. 1, 2026" in page or "February 1, 2026" in page
    assert f'href="/prices/{before.item.code}/?institution=H33010000001"' in page


def test_findings_can_be_narrowed_and_a_wrong_choice_is_as_none(client: Client) -> None:
    before = PriceFactory(effective=DateRange(date(2026, 1, 1), date(2026, 2, 1)))
    PriceFactory(item=before.item, document=before.document, effective=DateRange(date(2026, 3, 1), None))
    assert before.item.code in read(client, "/prices/proof/?kind=gap")
    assert before.item.code not in read(client, "/prices/proof/?kind=overlap")
    assert before.item.code in read(client, "/prices/proof/?kind=nonsense&page=x")


def test_a_price_in_order_leaves_nothing_to_mend(client: Client) -> None:
    PriceFactory()
    assert "Nothing is wrong in the price documents of this region" in read(client, "/prices/proof/")
