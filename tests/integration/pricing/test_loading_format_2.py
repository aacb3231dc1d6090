"""What format 2 brings is loaded, or refused at its row for what is known already."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pricing.models import ChargeRule, ItemSuccession, LoadedContent, PolicyOpening, Price, PriceItem
from pricing.rules.codes import ORDINARY_OUTPATIENT
from registry.models import Institution
from tests.factories.pricing import PriceFactory, PriceItemFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 16, 2, 0, tzinfo=UTC)
HEAD = """\
format: 2
document:
  number: {number}
  title: 价目
  title_en: Price list
  issuer: 某局
  issuer_en: Bureau
  region: 330000
  from: {begin}
  evidence: D
  found_at: archive{more}
"""
FIRST_ROW = 13
"""Line of the first row after the heading of a section."""
Load = Callable[..., str]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def loading(rows: str, *, number: str = "甲1号", begin: str = "2026-01-01", more: str = "") -> str:
        path = tmp_path / "tariff.yaml"
        path.write_text(HEAD.format(number=number, begin=begin, more=more) + rows, encoding="utf-8")
        out = StringIO()
        with time_machine.travel(NOW, tick=False):
            call_command("load_tariff", str(path), "--language", "en", stdout=out)
        return out.getvalue()

    return loading


def refusal(load: Load, rows: str, **more: str) -> str:
    with pytest.raises(CommandError) as refused:
        load(rows, **more)
    assert refused.value.returncode == 2
    return str(refused.value)


def item(code: str, **more: str) -> str:
    said = {
        "code": code,
        "name": code,
        "name_en": code,
        "category": "treatment",
        "unit": "次",
        "unit_en": "time",
    }
    return "  - {" + ", ".join(f"{key}: {value}" for key, value in (said | more).items()) + "}\n"


def test_an_item_may_be_named_before_its_main_item(load: Load) -> None:
    load(
        "items:\n" + item("B", kind="surcharge", main="A") + item("A") + "prices:\n  - {item: B, rate: 0.1}\n"
    )
    assert PriceItem.objects.get(code="B").main_item.code == "A"
    assert PriceItem.objects.get(code="A").is_demonstration


def test_text_that_means_something_to_the_database_arrives_as_it_is(load: Load) -> None:
    odd = r"a\b	c\N"
    load("items:\n" + item("A", content=f"'{odd}'", specification='"x\\ny"'))
    found = PriceItem.objects.get(code="A")
    assert (found.content, found.specification) == (odd, "x\ny")


def test_a_document_may_hold_items_without_a_price(load: Load) -> None:
    assert load("items:\n" + item("A")).strip() == "甲1号: 1 items, 0 prices"
    assert not Price.objects.exists()


def test_the_same_file_again_changes_nothing(load: Load) -> None:
    rows = (
        "items:\n" + item("A") + "prices:\n  - {item: A, amount: 1}\nopenings:\n  - {service: first_visit}\n"
    )
    load(rows)
    assert "already loaded" in load(rows + "# a comment\n")
    counts = [model.objects.count() for model in (PriceItem, Price, PolicyOpening, LoadedContent)]
    assert counts == [1, 1, 1, 1]


def test_an_unknown_institution_is_told_at_its_row(load: Load) -> None:
    message = refusal(
        load, "items:\n" + item("A") + "prices:\n  - {item: A, institution: H99999999999, amount: 1}\n"
    )
    assert "line 15" in message
    assert "H99999999999" in message


def test_a_real_institution_has_no_invented_price(load: Load, hospital: Institution) -> None:
    Institution.objects.update(is_demonstration=False)
    rows = "items:\n" + item("A") + "prices:\n  - {item: A, institution: H33010000001, amount: 1}\n"
    assert "never mixed" in refusal(load, rows)


def test_an_institution_of_another_region_is_refused(load: Load, hospital: Institution) -> None:
    Institution.objects.update(region_code="510100")
    rows = "items:\n" + item("A") + "prices:\n  - {item: A, institution: H33010000001, amount: 1}\n"
    assert "not in this region" in refusal(load, rows)


def test_pr_81_an_own_price_above_the_regulators_is_refused_with_both_amounts(
    load: Load, hospital: Institution
) -> None:
    known = PriceFactory()
    rows = f"prices:\n  - {{item: {known.item.code}, institution: H33010000001, amount: 10.01}}\n"
    message = refusal(load, rows)
    assert f"line {FIRST_ROW}" in message
    assert "¥10.01" in message
    assert "¥10.00" in message
    load(rows.replace("10.01", "9.99"))
    assert Price.objects.get(institution=hospital).region_code == "330100"


def test_pr_80_an_online_price_beside_the_known_ordinary_one_is_refused_with_both_amounts(load: Load) -> None:
    PriceFactory(item=PriceItemFactory(code=ORDINARY_OUTPATIENT))
    rows = (
        "items:\n" + item("FZ", service="online_revisit") + "prices:\n  - {item: FZ, level: 3, amount: 12}\n"
    )
    message = refusal(load, rows)
    assert "¥12.00" in message
    assert "¥10.00" in message
    load(rows.replace("12", "10"))


def test_pr_83_an_extension_with_a_price_is_refused(load: Load) -> None:
    rows = (
        "items:\n" + item("A") + item("B", kind="extension", main="A") + "prices:\n  - {item: B, amount: 1}\n"
    )
    assert "line 16" in refusal(load, rows)


def test_pr_83_a_surcharge_of_a_surcharge_is_refused(load: Load) -> None:
    rows = item("A") + item("B", kind="surcharge", main="A") + item("C", kind="surcharge", main="B")
    assert "line 15" in refusal(load, "items:\n" + rows)


def test_pr_16_a_price_that_is_set_already_is_told_at_the_row_with_its_document(load: Load) -> None:
    known = PriceFactory(condition="乳牙", age_from=0, age_to=6)
    row = f"prices:\n  - {{item: {known.item.code}, level: 3, amount: 1, condition: 乳牙, age_from: 6}}\n"
    message = refusal(load, row)
    assert f"line {FIRST_ROW}" in message
    assert known.document.number in message
    load(row.replace("age_from: 6", "age_from: 7"))


def test_an_unknown_code_is_told_wherever_it_stands(load: Load) -> None:
    rows = (
        "items:\n" + item("A") + "prices:\n  - {item: A, rate: 0.1, base: NO1}\n"
        "successions:\n  - {item: A, successor: NO2}\n"
        "rules:\n  - {code: R, kind: exclusion, window: day, subjects: [A], partners: [NO3], text: 甲, text_en: A}\n"
    )
    message = refusal(load, rows)
    for code in ("NO1", "NO2", "NO3"):
        assert code in message
    assert not ChargeRule.objects.exists()


@pytest.mark.parametrize(
    "section",
    [
        "openings:\n  - {service: first_visit}\n",
        "successions:\n  - {item: A}\n",
        "rules:\n  - {code: R, kind: frequency, window: day, subjects: [A], limit: 1, text: 甲, text_en: A}\n",
    ],
)
def test_what_another_document_says_already_is_refused_at_its_row(load: Load, section: str) -> None:
    PriceItemFactory(code="A")
    load(section)
    assert f"line {FIRST_ROW}" in refusal(load, section, number="乙2号")


def test_a_service_that_nobody_has_named_is_taken_over_and_another_one_is_refused(load: Load) -> None:
    PriceItemFactory(code="A", unit="次")
    load("items:\n" + item("A", service="home_nursing"))
    assert PriceItem.objects.get(code="A").service == "home_nursing"
    load("items:\n" + item("A"), number="乙2号")
    assert "line 13" in refusal(load, "items:\n" + item("A", service="first_visit"), number="丙3号")


def test_a_document_that_replaces_another_ends_its_prices_openings_and_rules(load: Load) -> None:
    PriceItemFactory(code="A")
    said = (
        "prices:\n  - {item: A, amount: 1}\nopenings:\n  - {service: first_visit}\n"
        "rules:\n  - {code: R, kind: frequency, window: day, subjects: [A], limit: 1, text: 甲, text_en: A}\n"
    )
    load(said)
    more = "\n  supersedes: [甲1号]"
    load(said.replace("code: R", "code: R2"), number="乙2号", begin="2026-07-01", more=more)
    first_day = date(2026, 7, 1)
    for known in (Price.objects.known(), PolicyOpening.objects.all(), ChargeRule.objects.all()):
        periods = [row.effective for row in known.order_by("effective")]
        assert [(period.lower, period.upper) for period in periods] == [
            (date(2026, 1, 1), first_day),
            (first_day, None),
        ]
    assert Price.objects.filter(retracted_at__isnull=False).count() == 1


def test_documents_of_the_past_may_replace_each_other_when_they_are_loaded_together(tmp_path: Path) -> None:
    PriceItemFactory(code="A")
    rows = "prices:\n  - {item: A, amount: 1}\n"
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(HEAD.format(number="甲1号", begin="2010-01-01", more="") + rows)
    more = "\n  supersedes: [甲1号]"
    new.write_text(HEAD.format(number="乙2号", begin="2020-01-01", more=more) + rows)
    call_command("load_tariff", str(new), str(old), stdout=StringIO())
    assert Price.objects.known().get(document__number="甲1号").effective.upper == date(2020, 1, 1)


def test_an_abolished_item_names_its_successor(load: Load) -> None:
    load("items:\n" + item("A") + item("B") + "successions:\n  - {item: A, successor: B, from: 2027-01-01}\n")
    succession = ItemSuccession.objects.get()
    assert (succession.item.code, succession.successor.code, succession.from_on) == (
        "A",
        "B",
        date(2027, 1, 1),
    )


def test_the_number_of_statements_does_not_grow_with_the_rows(load: Load) -> None:
    def statements(count: int, number: str) -> int:
        codes = [f"{number}{index}" for index in range(count)]
        rows = "items:\n" + "".join(map(item, codes)) + "prices:\n"
        rows += "".join(f"  - {{item: {code}, amount: 1}}\n" for code in codes)
        with CaptureQueriesContext(connection) as captured:
            load(rows, number=number)
        return len(captured)

    assert statements(2, "A") == statements(60, "B")
