"""A tariff file is text; what is wrong is said with line and column."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from pricing.rules.tariff_file import TariffFileBroken, read_tariff

GOOD = """\
format: 1
document:
  number: 甲〔2026〕1号
  title: 价目
  title_en: Price list
  issuer: 某局
  issuer_en: Bureau
  region: 330000
  from: 2026-01-01
  evidence: A
  source: S1
  found_at: archive
items:
  - {code: 001102000010000, name: 普通门诊诊查费, name_en: Visit, category: consultation, unit: 次, unit_en: visit}
prices:
  - {item: 001102000010000, level: 3, amount: 8.40, class: 乙, self_pay_rate: 0.1}
"""


def faults_of(text: str) -> list[str]:
    with translation.override("en"), pytest.raises(TariffFileBroken) as broken:
        read_tariff(text, name="t.yaml")
    return [str(violation.message) for violation in broken.value.violations]


def test_a_code_keeps_its_zeros_and_an_amount_its_fen() -> None:
    read = read_tariff(GOOD, name="t.yaml")
    (row,) = read.prices
    price = row.fact
    place = read.placed.place_of(row.path)
    assert (price.item_code, price.amount) == ("001102000010000", Decimal("8.40"))
    assert (price.region_code, price.institution_level, price.title) == ("330000", 3, None)
    assert (price.insurance_class, price.self_pay_rate) == ("02", Decimal("0.1"))
    assert (price.begin, price.end) == (date(2026, 1, 1), None)
    assert (place.line, place.column) == (16, 5)


def test_layout_and_comments_do_not_change_what_a_file_says_but_an_amount_does() -> None:
    first = read_tariff(GOOD, name="a").sha256
    assert (
        read_tariff("# checked\n" + GOOD.replace("  number: 甲", "  number:   甲"), name="b").sha256 == first
    )
    assert read_tariff(GOOD.replace("8.40", "8.50"), name="c").sha256 != first


@pytest.mark.parametrize(
    ("broken", "by", "line", "column"),
    [
        ("  title: 价目", "  title: [价目", 5, 11),
        ("  region: 330000", "  region: 33000", 8, 11),
        ("  evidence: A", "  evidence: E", 10, 13),
        ("amount: 8.40", "amount: -8.40", 16, 47),
        ("amount: 8.40", "amount: 8.1234567", 16, 47),
        ("self_pay_rate: 0.1", "self_pay_rate: 1.1", 16, 78),
        ("from: 2026-01-01", "from: 2026-02-30", 9, 9),
        ("  title: 价目", "  title: 价目\n  title: 价目", 5, 3),
        ("level: 3", "level: 3, colour: red", 16, 47),
        ("  source: S1\n", "", 10, 13),
        ("  found_at: archive\n", "", 3, 3),
        ("class: 乙", "from: 2025-12-31", 16, 5),
        ("class: 乙", "until: 2025-12-31", 16, 5),
    ],
)
def test_a_fault_is_told_with_line_and_column(broken: str, by: str, line: int, column: int) -> None:
    (message,) = faults_of(GOOD.replace(broken, by, 1))
    assert message.startswith(f"t.yaml, line {line}, column {column}: ")


def test_all_faults_of_form_are_told_at_once() -> None:
    twice = GOOD.replace("330000", "33").replace("8.40", "free")
    assert len(faults_of(twice)) == 2


def test_an_item_given_twice_and_a_price_given_twice_are_refused() -> None:
    rows = GOOD.splitlines(keepends=True)
    assert len(faults_of("".join([*rows[:14], rows[13], *rows[14:]]))) == 1
    assert len(faults_of(GOOD + rows[15])) == 1


def test_adjacent_periods_of_one_scope_are_allowed() -> None:
    row = GOOD.splitlines(keepends=True)[15]
    first, second = row.replace("}", ", until: 2026-07-01}"), row.replace("}", ", from: 2026-07-01}")
    assert len(read_tariff(GOOD.replace(row, first + second), name="t").prices) == 2


def test_an_item_charged_like_another_may_have_no_price_of_its_own() -> None:
    assert len(faults_of(GOOD.replace("unit_en: visit}", "unit_en: visit, priced_as: OTHER}"))) == 1


@pytest.mark.parametrize("text", ["", "[]", "a: &a [*a]", "? [a]\n: b", "\x00", "--- a\n--- b\n"])
def test_what_is_no_tariff_file_at_all_is_refused(text: str) -> None:
    assert faults_of(text)
