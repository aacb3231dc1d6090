"""Tables as files for a spreadsheet: CSV piece by piece, and XLSX of one or more sheets."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from openpyxl import Workbook

MARK = "\ufeff"
"""Spreadsheets take a CSV file for UTF-8 only when it begins with it."""
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Cell = str | Decimal | int
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def safe(cell: Cell) -> Cell:
    """A text that a spreadsheet would take for a formula is marked as text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_DANGEROUS) else cell


def csv_lines(rows: Iterable[Iterable[Cell]]) -> Iterator[str]:
    """The file piece by piece, the mark first; amounts as they are."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    yield MARK
    for cells in rows:
        writer.writerow([safe(cell) for cell in cells])
        yield written.getvalue()
        written.seek(0)
        written.truncate()


def xlsx(sheets: Mapping[str, Iterable[Iterable[Cell]]]) -> bytes:
    """A workbook, sheet by sheet; amounts are numbers, the first row stays in sight."""
    book = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for cells in rows:
            sheet.append([safe(cell) for cell in cells])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
