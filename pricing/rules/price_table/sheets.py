"""The cells of a file: XLSX by openpyxl, CSV in UTF-8, UTF-16 or GB18030."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from pricing.rules.price_table.cells import Value
from pricing.rules.price_table.faults import Fault

MOST_UNPACKED = 300 * 1024 * 1024
"""Bytes; a file of 10 MB that unpacks to more was made to harm."""
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]+\d+):')
_OLD = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"


class FileRefused(ValueError):
    """The file cannot be read at all."""

    def __init__(self, fault: Fault) -> None:
        """``fault`` says why."""
        super().__init__(fault.code)
        self.fault = fault


@dataclass(frozen=True)
class Sheet:
    """Rows of cells from the first on; ``faults`` were found in the layout."""

    rows: Iterator[Sequence[Value]]
    row_count: int | None
    """As far as the file says it."""
    faults: tuple[Fault, ...] = ()


def sheet_of(content: bytes) -> Sheet:
    """The first sheet of a workbook, or the text of a CSV file.

    Raises:
        FileRefused: it is neither.
    """
    if content.startswith(_OLD):
        raise FileRefused(Fault("", "old_workbook"))
    return _workbook(content) if content.startswith(_ZIP) else _text_table(content)


def _workbook(content: bytes) -> Sheet:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise FileRefused(Fault("", "not_a_table"))
            workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
            sheet = workbook.worksheets[0]
            # Read row by row, openpyxl does not tell which cells are merged.
            merged = _MERGED.findall(archive.read(sheet._worksheet_path))  # noqa: SLF001
            rows = sheet.max_row
    except (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, OSError, ValueError) as error:
        if isinstance(error, FileRefused):
            raise
        raise FileRefused(Fault("", "not_a_table")) from error
    faults = tuple(Fault(cell.decode(), "merged") for cell in merged)
    return Sheet(sheet.iter_rows(values_only=True), rows, faults)


def _text_table(content: bytes) -> Sheet:
    text = _decoded(content)
    if "\x00" in text:
        raise FileRefused(Fault("", "not_a_table"))
    head = text.lstrip().partition("\n")[0]
    delimiter = max(",\t;", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return Sheet(iter(reader), text.count("\n") + 1)


def _decoded(content: bytes) -> str:
    """UTF-8, with or without its mark; UTF-16 with one; else GB18030, as Excel saves CSV in China."""
    encodings = ["utf-8-sig", "gb18030"]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused(Fault("", "encoding"))
