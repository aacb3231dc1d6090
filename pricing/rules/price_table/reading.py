"""A file becomes rows as texts; every cell that does not fit is told."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from pricing.rules.price_table.cells import CellRefused, Value, canonical, text_of, unquoted
from pricing.rules.price_table.columns import COLUMNS, Column
from pricing.rules.price_table.faults import Fault, cell_name
from pricing.rules.price_table.sheets import FileRefused, Sheet, sheet_of

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 50_000
_STEP = 500
_LONGEST = {"condition": 60, "institution_grade": 10, "price_zone": 20, "department": 10}
_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}

Progress = Callable[[int, int | None], None]
"""Rows read so far, and how many there are, where the file says it."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of the table."""

    number: int
    """Of the row in the sheet; the headings are usually row 1."""
    texts: Mapping[str, str]
    """Canonical texts by column key; what is empty or wrong is left out."""


@dataclass
class TableRead:
    """What a file says, and what is wrong with it."""

    rows: list[TableRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    """Column key to the number of the column in the file, from 1."""

    def cell(self, key: str, row: int) -> str:
        """Name of a column's cell in a row; of the first column where the file does not have it."""
        return cell_name(self.places.get(key, self.places.get("item", 1)), row)


def read_table(content: bytes, progress: Progress = lambda _done, _all: None) -> TableRead:
    """Read a whole file; a fault in one row keeps no other from being read."""
    if len(content) > MOST_BYTES:
        return TableRead(faults=[Fault("", "too_large", {"most": MOST_BYTES // 1024 // 1024})])
    try:
        sheet = sheet_of(content)
        return _read(sheet, progress)
    except FileRefused as refusal:
        return TableRead(faults=[refusal.fault])
    except csv.Error:
        return TableRead(faults=[Fault("", "not_a_table")])


def _read(sheet: Sheet, progress: Progress) -> TableRead:
    table = TableRead(faults=list(sheet.faults))
    numbered = ((number, row) for number, row in enumerate(sheet.rows, start=1) if _has_text(row))
    first = next(numbered, None)
    if first is None:
        table.faults.append(Fault("", "empty"))
        return table
    columns = _columns(table, *first)
    if any(fault.code.startswith("heading") for fault in table.faults):
        return table
    _read_rows(table, columns, numbered, lambda done: progress(done, sheet.row_count))
    if not table.rows:
        table.faults.append(Fault("", "empty"))
    return table


def _read_rows(
    table: TableRead,
    columns: Mapping[int, Column],
    numbered: Iterator[tuple[int, Sequence[Value]]],
    progress: Callable[[int], None],
) -> None:
    for count, (number, row) in enumerate(islice(numbered, MOST_ROWS + 1), start=1):
        if count > MOST_ROWS:
            table.faults.append(Fault("", "too_many_rows", {"most": MOST_ROWS}))
        table.rows.append(TableRow(number, _texts(table, columns, number, row)))
        if count % _STEP == 0:
            progress(count)


def _has_text(row: Sequence[Value]) -> bool:
    return any(value is not None and text_of(value) for value in row)


def _columns(table: TableRead, number: int, row: Sequence[Value]) -> dict[int, Column]:
    """Which column stands where; what is missing, unknown or there twice is told."""
    known = {
        name.lower(): column for column in COLUMNS for name in (column.heading, column.english, column.key)
    }
    found: dict[int, Column] = {}
    for place, value in enumerate(row, start=1):
        heading = text_of(value)
        column = known.get(heading.lower())
        if column is not None and column.key not in table.places:
            table.places[column.key] = place
            found[place] = column
        elif heading:
            code = "heading_unknown" if column is None else "heading_twice"
            table.faults.append(Fault(cell_name(place, number), code, {"heading": heading}, heading))
    for column in COLUMNS:
        if column.is_required and column.key not in table.places:
            table.faults.append(Fault("", "heading_missing", {"heading": column.heading}))
    return found


def _texts(
    table: TableRead, columns: Mapping[int, Column], number: int, row: Sequence[Value]
) -> dict[str, str]:
    texts: dict[str, str] = {}
    for place, value in enumerate(row, start=1):
        typed = text_of(value)
        if not typed:
            continue
        try:
            column = columns.get(place)
            _refuse_unreadable(typed, value, column)
            if column is not None and column.is_read:
                texts[column.key] = canonical(column, unquoted(value))
        except CellRefused as refusal:
            table.faults.append(Fault(cell_name(place, number), refusal.code, refusal.values, typed[:60]))
    wrong = {fault.cell for fault in table.faults[-len(columns) :]}
    for key in (column.key for column in columns.values() if column.is_required):
        if key not in texts and table.cell(key, number) not in wrong:
            table.faults.append(Fault(table.cell(key, number), "needed"))
    return texts


def _refuse_unreadable(typed: str, value: Value, column: Column | None) -> None:
    if column is None:
        raise CellRefused("beside")
    said = unquoted(value)
    if isinstance(value, str) and said == value and value.startswith("=") and len(value) > 1:
        raise CellRefused("formula")
    if typed in _ERRORS:
        raise CellRefused("cell_error")
    if column.key in _LONGEST and len(typed) > _LONGEST[column.key]:
        raise CellRefused("too_long", most=_LONGEST[column.key])
