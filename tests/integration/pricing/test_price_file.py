"""The price list for machines: from the rows that bill, with a digest, a schema and a history that is real."""

import csv
import hashlib
import io
import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from pricing.models import Price, PriceFile
from pricing.queries import quote_for
from pricing.rules import ServiceLine
from registry.models import Institution
from tests.factories.pricing import PriceFactory, PriceItemFactory

pytestmark = pytest.mark.django_db

DAY = "2026-03-16"
TARIFFS = Path(__file__).resolve().parents[3] / "pricing" / "tariffs"


@pytest.fixture
def price(hospital: Institution) -> Price:
    return PriceFactory(amount=Decimal("12.50"), item__code="CT001", item__region_code="330000")


def fetched(client: Client, query: str = "") -> dict[str, Any]:
    answer = client.get(f"/prices/export.json{query}")
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def test_the_file_says_what_a_quote_charges(client: Client, price: Price, hospital: Institution) -> None:
    row = fetched(client)["content"]["prices"][0]
    line = quote_for(
        lines=[ServiceLine("1", "CT001", Decimal(1))], institution=hospital, service_on=timezone.localdate()
    ).lines[0]
    assert row["price"]["price_id"] == line.price_id
    assert Decimal(row["price"]["amount"]) == line.unit_price
    assert isinstance(row["price"]["amount"], str)
    assert row["status"] == "charged"
    assert row["price"]["document_number"] == price.document.number


def test_the_file_follows_its_schema_with_every_kind_of_row(client: Client, hospital: Institution) -> None:
    names = (
        "10-demo-consultations-2021",
        "11-demo-consultations-2026",
        "12-demo-medicines",
        "14-demo-home-nursing",
    )
    call_command("load_tariff", *(str(TARIFFS / f"{name}.yaml") for name in names), stdout=io.StringIO())
    schema = client.get("/prices/export.schema.json").json()
    jsonschema.Draft202012Validator.check_schema(schema)
    file = fetched(client, f"?on={DAY}")
    jsonschema.validate(file, schema, format_checker=jsonschema.FormatChecker())
    kinds = {row["price"]["kind"] for row in file["content"]["prices"] if row["price"]}
    assert {"fixed", "tiered", "percentage"} <= kinds


def test_the_digest_is_over_the_canonical_content(client: Client, price: Price) -> None:
    file = fetched(client)
    text = json.dumps(file["content"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(text.encode()).hexdigest() == file["sha256"]


def test_an_item_without_a_known_price_says_so_in_the_file(client: Client, hospital: Institution) -> None:
    PriceItemFactory(code="X1", region_code="330000", is_demonstration=True)
    row = fetched(client)["content"]["prices"][0]
    assert (row["item_code"], row["status"], row["price"]) == ("X1", "no_price_known", None)


def test_the_history_holds_each_content_once_and_gives_it_back(client: Client, price: Price) -> None:
    first = fetched(client)
    assert fetched(client)["history"] == first["history"]
    assert [each["sha256"] for each in first["history"]] == [first["sha256"]]
    PriceFactory(amount=Decimal("1.00"), item__region_code="330000")
    second = fetched(client)
    assert [each["sha256"] for each in second["history"]] == [second["sha256"], first["sha256"]]
    again = fetched(client, f"?sha256={first['sha256']}")
    assert again["content"] == first["content"]
    assert client.get("/prices/export.json?sha256=nonsense").status_code == 404


def test_another_day_is_not_entered_in_the_history(client: Client, price: Price) -> None:
    fetched(client, f"?on={(timezone.localdate() + timedelta(days=40)).isoformat()}")
    assert not PriceFile.objects.exists()


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_who_has_the_file_is_told_that_it_still_holds(client: Client, price: Price, kind: str) -> None:
    answer = client.get(f"/prices/export.{kind}")
    again = client.get(f"/prices/export.{kind}", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    PriceFactory(amount=Decimal("1.00"), item__region_code="330000")
    changed = client.get(f"/prices/export.{kind}", headers={"if-none-match": answer["ETag"]})
    assert changed.status_code == 200


def test_the_csv_opens_in_a_spreadsheet_and_says_the_same(client: Client, price: Price) -> None:
    PriceItemFactory(code="X9", name="=1+1", region_code="330000", is_demonstration=True)
    answer = client.get("/prices/export.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    by_code = {row["item_code"]: row for row in rows}
    json_row = fetched(client)["content"]["prices"][0]
    assert by_code["CT001"]["amount"] == json_row["price"]["amount"]
    assert by_code["CT001"]["document_number"] == price.document.number
    assert by_code["CT001"]["scope_institution_level"] == "3"
    assert by_code["X9"]["name"] == "'=1+1"
    assert answer["X-Price-File-SHA256"] == fetched(client)["sha256"]


def test_the_page_of_files_leads_to_all_of_them(client: Client, price: Price) -> None:
    page = client.get("/prices/files/").content.decode()
    for name in ("export.json", "export.csv", "export.schema.json"):
        assert f"/prices/{name}" in page
    assert fetched(client)["sha256"] in page


def test_without_a_hospital_there_is_no_file(client: Client, db: None) -> None:
    assert client.get("/prices/export.json").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_rows(
    client: Client, price: Price, django_assert_max_num_queries: Any
) -> None:
    for _number in range(30):
        PriceFactory(item__region_code="330000")
    with django_assert_max_num_queries(16):
        fetched(client)
