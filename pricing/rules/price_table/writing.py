"""Rows as texts become a file that reads back unchanged."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill

from pricing.rules.price_table.columns import COLUMNS, Column, Form

_BOM = "\ufeff"
_FLAGS = {"yes": "是", "no": "否"}
_CODE_DIGITS = 11
"""From so many digits on a spreadsheet would show a code as a number like 1.1E+12."""
_NUMBERS = {Form.NUMBER, Form.FRACTION, Form.INTEGER}
_MOST_EXACT = 15
"""Digits that a spreadsheet keeps of a number."""
_SHEET, _NOTES = "价格", "填写说明"


def xlsx_of(rows: Iterable[Mapping[str, str]]) -> bytes:
    """A workbook: the prices, and a second sheet that says how to fill them in."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(_SHEET)
    sheet.freeze_panes = "C2"
    for number, column in enumerate(COLUMNS):
        letter = chr(65 + number) if number < 26 else f"A{chr(65 + number - 26)}"
        sheet.column_dimensions[letter].width = 22 if column.form in {Form.CODE, Form.BANDS} else 12
    sheet.append([_heading(sheet, column) for column in COLUMNS])
    for row in rows:
        sheet.append([_cell(sheet, column, row.get(column.key, "")) for column in COLUMNS])
    _write_notes(workbook.create_sheet(_NOTES))
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def csv_of(rows: Iterable[Mapping[str, str]]) -> bytes:
    """CSV in UTF-8 with a mark, so that Excel reads it."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([column.heading for column in COLUMNS])
    for row in rows:
        writer.writerow([_csv_cell(column, row.get(column.key, "")) for column in COLUMNS])
    return f"{_BOM}{buffer.getvalue()}".encode()


def faults_as_csv(heading: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    """What is wrong with a file, to work through beside it."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(heading)
    writer.writerows([_harmless(cell) for cell in line] for line in lines)
    return f"{_BOM}{buffer.getvalue()}".encode()


def _write_notes(sheet: object) -> None:
    append = sheet.append  # type: ignore[attr-defined]
    append(["列", "怎么填", "必填"])
    for column in COLUMNS:
        append([column.heading, column.note, "是" if column.is_required else ""])


def _heading(sheet: object, column: Column) -> Cell:
    cell = WriteOnlyCell(sheet, value=column.heading)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="FFE1F2EF")
    cell.alignment = Alignment(horizontal="left")
    return cell


def _cell(sheet: object, column: Column, text: str) -> Cell | Decimal | date | str | None:
    if not text:
        return None
    if column.form is Form.DAY:
        return date.fromisoformat(text)
    if column.form in _NUMBERS and len(text) <= _MOST_EXACT:
        return Decimal(text)
    if column.form is not Form.CODE:
        return _harmless(_word(column, text))
    cell = WriteOnlyCell(sheet, value=text)
    cell.number_format = "@"  # stays a text when somebody edits it
    return cell


def _word(column: Column, text: str) -> str:
    """What a person reads."""
    if column.form is Form.FLAG:
        return _FLAGS.get(text, "")
    return column.choices.get(text, text)


def _csv_cell(column: Column, text: str) -> str:
    if column.form is Form.CODE and text.isdigit() and (len(text) >= _CODE_DIGITS or text[0] == "0"):
        return f'="{text}"'
    return _harmless(_word(column, text))


def _harmless(text: str) -> str:
    """A spreadsheet takes a text that begins so for a formula."""
    return f"'{text}" if text[:1] in set("=+-@") else text
