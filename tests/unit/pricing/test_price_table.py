"""Tables of prices as people make them: what is read, and what is told with its cell."""

import io
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from pricing.rules.price_table import COLUMNS, Form, csv_of, read_table, reading, sheets, xlsx_of
from pricing.rules.price_table.bands import bands_of, bands_text
from pricing.rules.price_table.faults import WORDS, cell_name

HEAD = ["项目代码", "金额", "生效日期"]
GOOD = ["001102000010000", 12.5, date(2027, 1, 1)]


def workbook(*rows: list[Any], change: Callable[[Any], None] = lambda _sheet: None) -> bytes:
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    change(sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def told(content: bytes) -> list[tuple[str, str]]:
    return [(fault.cell, fault.code) for fault in read_table(content).faults]


def texts(content: bytes) -> dict[str, str]:
    table = read_table(content)
    assert table.faults == []
    (row,) = table.rows
    return dict(row.texts)


def cell(column: str, value: object) -> dict[str, str]:
    """What a workbook's cell is read as."""
    heads = {each.key: each.heading for each in COLUMNS}
    return texts(workbook([*HEAD, heads[column]], [*GOOD, value]))


def test_a_workbook_is_read_by_its_headings_whatever_their_order() -> None:
    content = workbook(["生效日期", "金额", "项目代码"], [date(2027, 1, 1), 12.5, "A"])
    assert texts(content) == {"item": "A", "amount": "12.5", "begins_on": "2027-01-01"}


def test_english_headings_and_empty_lines_before_and_after_are_fine() -> None:
    content = workbook([], ["item code", "amount", "first day"], GOOD, [None, None, ""], [])
    table = read_table(content)
    assert table.faults == []
    assert [(row.number, row.texts["amount"]) for row in table.rows] == [(3, "12.5")]


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        ("cap_amount", "1,234.50", "1234.5"),
        ("cap_amount", "１２．５０", "12.5"),
        ("cap_amount", "￥12.5", "12.5"),
        ("cap_amount", "12.5元", "12.5"),
        ("cap_amount", 0, "0"),
        ("cap_amount", 0.1 + 0.2, "0.3"),
        ("self_pay_rate", "10%", "0.1"),
        ("self_pay_rate", "１０％", "0.1"),
        ("self_pay_rate", 0.1, "0.1"),
        ("last_on", "2027/3/1", "2027-03-01"),
        ("last_on", "2027年3月1日", "2027-03-01"),
        ("last_on", "20270301", "2027-03-01"),
        ("last_on", datetime(2027, 3, 1), "2027-03-01"),  # noqa: DTZ001 - as openpyxl gives days
        ("institution_level", "三级", "3"),
        ("institution_level", 3, "3"),
        ("title", "主任医师", "231"),
        ("title", "231", "231"),
        ("insurance_class", "甲", "01"),
        ("kind", "固定金额", "fixed"),
        ("kind", "FIXED", "fixed"),
        ("takes_surcharges", "否", "no"),
        ("is_trial", "是", "yes"),
        ("age_to", "6", "6"),
        ("region_code", 330000, "330000"),
        ("bands", "0–3：130；3—6：160；6-：200", "0-3:130;3-6:160;6-:200"),
        ("bands", "头部:180；颈部:200", "头部:180;颈部:200"),
        ("condition", "  乳牙（门诊）  ", "乳牙（门诊）"),
    ],
)
def test_a_cell_is_read_as_a_person_means_it(column: str, value: object, text: str) -> None:
    assert cell(column, value)[column] == text


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("cap_amount", "十三元", "number"),
        ("cap_amount", "-1", "number"),
        ("cap_amount", "1,23", "number"),
        ("cap_amount", "nan", "number"),
        ("self_pay_rate", "abc", "fraction"),
        ("age_to", "6.5", "integer"),
        ("last_on", "2027-02-30", "day"),
        ("last_on", 46023, "day"),
        ("last_on", "03/01/2027", "day"),
        ("title", "神医", "choice"),
        ("is_trial", "也许", "flag"),
        ("bands", "130", "bands"),
        ("bands", "0-3:x", "bands"),
        ("item", 1.1e15, "code_as_number"),
        ("item", "1.10E+12", "code_as_number"),
        ("cap_amount", "=1+1", "formula"),
        ("cap_amount", "#REF!", "cell_error"),
        ("condition", "字" * 61, "too_long"),
        ("item", None, "needed"),
    ],
)
def test_a_cell_that_does_not_fit_is_told_with_its_name(column: str, value: object, code: str) -> None:
    heads = {each.key: each.heading for each in COLUMNS}
    line = {"item": "A", "begins_on": date(2027, 1, 1), "last_on": None, column: value}
    content = workbook([heads[key] for key in line], list(line.values()), ["B", date(2027, 1, 1)])
    assert told(content) == [(cell_name(list(line).index(column) + 1, 2), code)]
    assert code in WORDS


def test_every_fault_of_every_row_is_told() -> None:
    content = workbook(HEAD, ["A", "x", "y"], GOOD, [None, 1, None])
    assert told(content) == [("B2", "number"), ("C2", "day"), ("A4", "needed"), ("C4", "needed")]


def test_merged_cells_are_told_where_they_begin() -> None:
    content = workbook(HEAD, GOOD, GOOD, change=lambda sheet: sheet.merge_cells("A2:A3"))
    assert ("A2", "merged") in told(content)


def test_a_value_beside_the_table_is_told() -> None:
    assert told(workbook(HEAD, [*GOOD, None, "see above"])) == [("E2", "beside")]


def test_a_heading_that_is_missing_unknown_or_there_twice_is_told() -> None:
    assert told(workbook(["项目代码", "金额"], GOOD)) == [("", "heading_missing")]
    assert told(workbook([*HEAD, "备注"], GOOD)) == [("D1", "heading_unknown")]
    assert told(workbook([*HEAD, "金额"], GOOD)) == [("D1", "heading_twice")]


def test_a_table_without_a_row_is_told() -> None:
    assert told(workbook(HEAD)) == [("", "empty")]
    assert told(workbook()) == [("", "empty")]
    assert told(b"") == [("", "empty")]


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gb18030", "utf-16"],
    ids=["plain", "marked", "Excel in China", "Unicode text"],
)
def test_a_csv_file_is_read_in_the_encodings_that_excel_writes(encoding: str) -> None:
    content = "项目代码,条件,金额,生效日期\r\nA,乳牙,12.5,2027-01-01\r\n".encode(encoding)
    assert texts(content)["condition"] == "乳牙"


@pytest.mark.parametrize("mark", [";", "\t"])
def test_a_csv_file_may_part_its_cells_otherwise(mark: str) -> None:
    content = mark.join(HEAD) + "\n" + mark.join(("A", "12.5", "2027-01-01")) + "\n"
    assert texts(content.encode())["amount"] == "12.5"


def test_letters_that_nobody_can_read_are_told() -> None:
    assert told("项目代码,金额\n".encode("gb18030") + b"\xff\xff\n") == [("", "encoding")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xd0\xcf\x11\xe0old", "old_workbook"),
        (b"PK\x03\x04broken", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_a_table"),
        (b"%PDF-1.7\n%\xe2\xe3", "encoding"),
    ],
)
def test_a_file_that_is_no_table_is_told(content: bytes, code: str) -> None:
    assert code in {fault for _cell, fault in told(content)} or told(content)[0][1].startswith("heading")


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_UNPACKED", 100)
    assert told(workbook(HEAD, GOOD)) == [("", "not_a_table")]


def test_too_many_bytes_and_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 2)
    assert ("", "too_many_rows") in told(workbook(HEAD, GOOD, GOOD, GOOD))
    assert told(workbook(HEAD, GOOD, GOOD)) == []
    monkeypatch.setattr(reading, "MOST_BYTES", 10)
    assert told(b"0" * 11) == [("", "too_large")]


def test_how_far_it_is_read_is_told_on_the_way() -> None:
    heard: list[int] = []
    read_table(workbook(HEAD, *[GOOD] * 1200), lambda done, _all: heard.append(done))
    assert heard == [500, 1000]


FULL = {
    "item": "001102000010000", "region_code": "330000", "institution_level": "3", "institution_grade": "甲",
    "price_zone": "A 档", "ownership": "public", "title": "231", "department": "A03.04", "condition": "=SUM(1)",
    "age_from": "0", "age_to": "6", "kind": "tiered", "band_axis": "distance", "bands": "0-3:130;3-:200",
    "cap_amount": "7280", "period_cap_amount": "96", "period_cap_days": "1", "takes_surcharges": "no",
    "is_trial": "yes", "insurance_class": "02", "self_pay_rate": "0.1", "fund_amount": "40",
    "begins_on": "2027-01-01", "last_on": "2027-12-31", "base_item": "110200001", "institution": "H33010000001",
    "amount": "0.000001", "minimum_amount": "0", "maximum_amount": "1234567.891234", "rate": "0.3",
    "maximum_rate": "1.5", "included_quantity": "1.5", "further_amount": "12.5", "further_rate": "0.25",
}  # fmt: skip
"""Every column, with the values that spreadsheets like to spoil."""


@pytest.mark.parametrize("write", [xlsx_of, csv_of])
def test_what_is_written_reads_back_unchanged_in_every_column(write: Callable[..., bytes]) -> None:
    assert set(FULL) == {column.key for column in COLUMNS if column.is_read}
    assert texts(write([{**FULL, "item_name": "门诊诊查费"}])) == FULL


def test_every_choice_is_written_as_a_word_and_read_back() -> None:
    for column in (each for each in COLUMNS if each.form is Form.CHOICE):
        rows = [{"item": "A", "begins_on": "2027-01-01", column.key: value} for value in column.choices]
        read = read_table(csv_of(rows))
        assert [dict(row.texts) for row in read.rows] == rows


def test_a_csv_file_begins_with_the_mark_that_excel_wants_and_keeps_codes_whole() -> None:
    content = csv_of([FULL])
    assert content.startswith("\ufeff项目代码".encode())
    assert '"=""001102000010000"""' in content.decode()
    # A text that begins like a formula is harmless.
    assert "'=SUM(1)" in content.decode()


def test_bands_are_written_as_they_are_read() -> None:
    for text in ("0-3:130;3-6:160;6-:200", "-2:10;2-:8.5", "头部:180;颈部:200"):
        assert bands_text(bands_of(text)) == text


def test_the_documentation_lists_every_column() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "price-office.md").read_text(encoding="utf-8")
    for column in COLUMNS:
        needed = "yes" if column.is_required else "–"
        assert f"| {column.heading} | {column.english} | {needed} | {column.note} |" in page
