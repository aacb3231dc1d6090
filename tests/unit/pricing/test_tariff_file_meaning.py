"""A file of format 2 that has the right form and says something that cannot be."""

import string
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from pricing.rules.tariff_file import TariffFileBroken, read_tariff
from pricing.rules.tariff_file.writing import yaml_of
from pricing.rules.yaml_text import PlacedText, _careful, read

GOOD = """\
format: 2
document:
  number: 甲〔2026〕1号
  title: 价目
  title_en: Price list
  issuer: 某局
  issuer_en: Bureau
  region: 330000
  from: 2026-01-01
  until: 2030-01-01
  evidence: D
  found_at: archive
items:
  - {code: A, name: 甲, name_en: A, category: remote, unit: 次, unit_en: time}
  - {code: B, name: 乙, name_en: B, category: treatment, unit: 次, unit_en: time, kind: surcharge, main: A}
prices:
  - {item: A, amount: 10}
  - {item: B, ceiling_rate: 0.3, age_to: 6}
openings:
  - {service: first_visit}
successions:
  - {item: A, successor: C}
rules:
  - {code: R1, kind: frequency, window: day, subjects: [A], limit: 1, text: 甲, text_en: A}
"""
PRICE, SURCHARGE = 17, 18
"""Lines."""
OPENING, SUCCESSION, RULE = 20, 22, 24


def faults_of(text: str) -> list[str]:
    with translation.override("en"), pytest.raises(TariffFileBroken) as broken:
        read_tariff(text, name="t.yaml")
    return [str(violation.message) for violation in broken.value.violations]


def test_the_good_file_is_read() -> None:
    file = read_tariff(GOOD, name="t")
    assert (len(file.items), len(file.prices), len(file.rules)) == (2, 2, 1)


@pytest.mark.parametrize(
    ("broken", "by", "line", "says"),
    [
        ("{item: A, amount: 10}", "{item: A}", PRICE, "no amount"),
        ("amount: 10", "amount: 10, hourly: 5", PRICE, "more than once: amount, hourly"),
        ("amount: 10", "regions: {330100: 1}, amount: 10", PRICE, "more than once"),
        ("amount: 10", "amount: 10, base: B", PRICE, "Only a rate"),
        ("amount: 10", "range: {from: 2, to: 1}", PRICE, "lower amount"),
        ("amount: 10", "base_and_further: {amount: 1, includes: 1}", PRICE, "either"),
        (
            "amount: 10",
            "base_and_further: {amount: 1, includes: 0, further_amount: 1}",
            PRICE,
            "more than no",
        ),
        ("amount: 10", "bands: {by: distance, rows: [{above: 1, amount: 1}]}", PRICE, "No band holds"),
        ("amount: 10", "amount: 10, age_from: 7, age_to: 6", PRICE, "lower age"),
        ("amount: 10", "amount: 10, region: 510000", PRICE, "sets nothing for 510000"),
        ("amount: 10", "regions: {330100: 1, 510000: 1}", PRICE, "sets nothing for 510000"),
        ("amount: 10", "amount: 10, until: 2031-01-01", PRICE, "document does not"),
        ("amount: 10", "amount: 10, until: 2025-01-01", PRICE, "before it begins"),
        ("kind: surcharge, main: A", "kind: surcharge", 15, "names its main item"),
        ("kind: surcharge, main: A", "main: A", 15, "names its main item"),
        ("{code: A, name", "{code: proof, name", 14, "address"),
        ("first_visit}", "first_visit, from: 2025-01-01}", OPENING, "document does not"),
        (
            "first_visit}",
            "first_visit}\n  - {service: first_visit, from: 2027-01-01}",
            OPENING + 1,
            "already open",
        ),
        ("successor: C", "successor: A", SUCCESSION, "own place"),
        ("successor: C", "from: 2030-01-01", SUCCESSION, "document does not"),
        ("successor: C}", "successor: C}\n  - {item: A}", SUCCESSION + 1, "already abolished"),
        (", limit: 1", "", RULE, "limit above zero"),
        ("limit: 1", "limit: 0", RULE, "limit above zero"),
        ("limit: 1", "limit: 1, limit_amount: 1", RULE, "limit_amount"),
        ("limit: 1", "limit: 1, partners: [B]", RULE, "partners"),
        ("window: day", "window: days", RULE, "length"),
        ("window: day", "window: day, length: 2", RULE, "length"),
        ("kind: frequency", "kind: exclusion, partners: [B]", RULE, "limit above zero"),
        ("text_en: A}\n", "text_en: A}\n" + GOOD.splitlines()[-1] + "\n", RULE + 1, "given twice"),
    ],
)
def test_what_cannot_be_is_told_at_its_line(broken: str, by: str, line: int, says: str) -> None:
    assert broken in GOOD
    (message,) = faults_of(GOOD.replace(broken, by, 1))
    assert message.startswith(f"t.yaml, line {line}, ")
    assert says in message


def test_all_faults_of_meaning_are_told_at_once_in_the_order_of_the_file() -> None:
    text = GOOD.replace("amount: 10", "amount: 10, until: 2025-01-01").replace("limit: 1", "limit: 0")
    text = text.replace("kind: surcharge, ", "").replace("successor: C", "successor: A")
    lines = [message.split(", ")[1] for message in faults_of(text)]
    assert lines == ["line 15", f"line {PRICE}", f"line {SUCCESSION}", f"line {RULE}"]


def test_a_fault_is_told_in_chinese_to_those_who_read_chinese() -> None:
    with translation.override("zh-hans"), pytest.raises(TariffFileBroken) as broken:
        read_tariff(GOOD.replace("2026-01-01", "2026-02-30"), name="甲.yaml")
    (violation,) = broken.value.violations
    assert "甲.yaml" in str(violation.message)
    assert "行" in str(violation.message)


def test_ages_apart_share_their_days_and_ages_that_meet_do_not() -> None:
    child, adult = "{item: A, amount: 1, age_to: 6}", "{item: A, amount: 2, age_from: 7}"
    row = "{item: A, amount: 10}"
    assert len(read_tariff(GOOD.replace(row, f"{child}\n  - {adult}"), name="t").prices) == 3
    (message,) = faults_of(GOOD.replace(row, f"{child}\n  - {adult.replace('7', '6')}"))
    assert f"line {PRICE}" in message.split(":", 1)[1]


def test_a_field_of_format_2_is_none_of_format_1() -> None:
    assert len(faults_of(GOOD.replace("format: 2", "format: 1"))) > 0


def test_a_format_that_does_not_exist_is_told() -> None:
    (message,) = faults_of(GOOD.replace("format: 2", "format: 3"))
    assert message.startswith("t.yaml, line 1, column 9: ")


text_values = st.text(
    st.sampled_from(string.printable + "元，、“”’：#&*!|>%@`[]{}\u00a0\u3000é"), max_size=30
)
contents = st.recursive(
    text_values,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4) | st.dictionaries(text_values, inner, min_size=1, max_size=4)
    ),
    max_leaves=15,
)


@given(contents)
def test_whatever_is_written_reads_back_as_the_same_text(content: Any) -> None:
    assert read(yaml_of({"content": content})).content == {"content": content}


@given(contents)
def test_quick_and_careful_reading_agree(content: Any) -> None:
    text = yaml_of(content)
    places: dict[Any, Any] = {}
    assert _careful(text, places) == read(text).content
    assert PlacedText(content, text).place_of(()).line == 1


@pytest.mark.parametrize(
    "text", ["a: &x {b: c}\nd: *x\n", "a: !!str 8.40\n", "? a\n: b\n", "a:\n", "- \n- b\n"]
)
def test_what_is_seldom_is_read_with_care(text: str) -> None:
    assert read(text).content == _careful(text, {})
