"""The example of docs/tariff-format.md says every kind there is, loads, and comes out as it went in."""

import json
import re
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from pricing.models import ChargeRule, ItemSuccession, PolicyOpening, Price, PriceItem, TariffDocument
from pricing.models.reading import price_facts
from pricing.queries.exporting import content_of, exported
from pricing.rules.kinds import AmountKind, BandAxis, ItemKind, RuleKind, Window
from pricing.rules.tariff_file import TariffFile, read_content, read_tariff
from pricing.rules.yaml_text import PlacedText
from registry.models import Institution

pytestmark = pytest.mark.django_db

PAGE = Path(__file__).resolve().parents[3] / "docs" / "tariff-format.md"
NUMBER = "演示格式〔2026〕1号"


def example() -> str:
    return "".join(
        re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    )


@pytest.fixture
def read() -> TariffFile:
    return read_tariff(example(), name="docs")


@pytest.fixture
def loaded(tmp_path: Path, hospital: Institution) -> TariffDocument:
    path = tmp_path / "example.yaml"
    path.write_text(example(), encoding="utf-8")
    call_command("load_tariff", str(path), stdout=StringIO())
    found: TariffDocument = TariffDocument.objects.get(number=NUMBER)
    return found


def test_the_example_has_every_kind_of_item_amount_band_rule_and_window(read: TariffFile) -> None:
    assert {item.get("kind", "main") for item in read.items} == set(ItemKind)
    assert {price.fact.kind for price in read.prices} == set(AmountKind)
    assert {price.fact.band_axis for price in read.prices} == {None, *BandAxis}
    assert {rule.fact.kind for rule in read.rules} == set(RuleKind)
    assert {rule.fact.window for rule in read.rules} == set(Window)


def test_every_field_of_a_price_is_in_the_table(read: TariffFile) -> None:
    schema = json.loads((PAGE.parents[1] / "pricing" / "tariffs" / "schema.json").read_text(encoding="utf-8"))
    page = PAGE.read_text(encoding="utf-8")
    for field in schema["properties"]["prices"]["items"]["properties"]:
        assert f"`{field}`" in page


def test_every_row_of_the_example_is_loaded(loaded: TariffDocument, read: TariffFile) -> None:
    assert PriceItem.objects.count() == len(read.items)
    assert Price.objects.filter(document=loaded).count() == len(read.prices)
    assert PolicyOpening.objects.filter(document=loaded).count() == 1
    assert ItemSuccession.objects.get().successor.code == "GS-ZL"
    assert ChargeRule.objects.filter(document=loaded).count() == len(read.rules)
    rule = ChargeRule.objects.get(code="GS-R1").facts()
    assert (rule.subjects, rule.partners) == (frozenset({"GS-PTMZ"}), frozenset({"GS-ZJ", "GS-TX"}))
    assert rule.source == f"{NUMBER} 第一条"


def said(rows: list) -> set:
    """Facts without what only the database knows."""
    from dataclasses import replace

    return {replace(row, price_id=0, document_id=0, institution_id=None, region_code="") for row in rows}


def test_a_loaded_price_says_what_the_file_says(loaded: TariffDocument, read: TariffFile) -> None:
    assert said(price_facts(Price.objects.all())) == said([price.fact for price in read.prices])


def test_an_own_price_holds_where_its_institution_is(loaded: TariffDocument, hospital: Institution) -> None:
    own = Price.objects.filter(institution=hospital)
    assert set(own.values_list("item__code", "region_code")) == {("GS-ZJ", "330100"), ("GS-TX", "330100")}


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_an_exported_document_loads_again_to_the_same_content(
    loaded: TariffDocument, tmp_path: Path, form: str
) -> None:
    text = exported([NUMBER], form=form)[NUMBER]
    assert read_tariff(text, name="exported").sha256 == loaded.content_sha256
    path = tmp_path / f"again.{form}"
    path.write_text(text, encoding="utf-8")
    out = StringIO()
    call_command("load_tariff", str(path), stdout=out)
    assert "already loaded" in out.getvalue()


def test_a_document_without_a_file_is_said_as_its_rows_are(loaded: TariffDocument, read: TariffFile) -> None:
    written = read_content(PlacedText(content_of(loaded)), name="rows")
    assert written.number == NUMBER
    assert said([price.fact for price in written.prices]) == said([price.fact for price in read.prices])
    assert {opening.fact for opening in written.openings} == {opening.fact for opening in read.openings}
    assert {each.fact for each in written.successions} == {each.fact for each in read.successions}
    assert {rule.fact for rule in written.rules} == {rule.fact for rule in read.rules}
    named = {item["code"]: item for item in written.items}
    assert named["GS-EK"]["main"] == "GS-PTMZ"
    assert named["GS-JC"]["service"] == "remote_monitoring"


def test_the_table_has_the_prices_that_are_known(loaded: TariffDocument, read: TariffFile) -> None:
    text = exported([NUMBER], form="csv")[NUMBER]
    assert len(text.splitlines()) == 1 + len(read.prices)


def test_a_number_that_is_not_known_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="甲1号") as refused:
        call_command("export_tariff", "甲1号")
    assert refused.value.returncode == 2


def test_the_example_holds_within_the_days_of_its_document(read: TariffFile) -> None:
    assert all(price.fact.end <= date(2031, 1, 1) for price in read.prices)
