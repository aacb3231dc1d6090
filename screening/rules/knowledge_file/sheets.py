"""The sheets of a published workbook: where the headings stand, and what is in the columns below."""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from pricing.rules.price_table.faults import cell_name
from screening.rules.knowledge_file.faults import Fault

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 300 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 20
"""Some published sheets are formatted over all 16,384 columns; nothing stands beyond these."""
_HEADINGS_WITHIN = 10
_OLD = b"\xd0\xcf\x11\xe0"

POINTS: Mapping[str, tuple[str, ...]] = {
    "number": ("序号",),
    "name": ("药品通用名", "医疗服务项目名称", "医疗服务项目A名称", "中药饮片名称"),
    "code": ("项目代码", "医疗服务项目A代码", "中药饮片代码"),
    "partner_name": ("医疗服务项目B名称",),
    "partner_code": ("医疗服务项目B代码",),
    "sex": ("限定性别",),
    "quantity": ("单日上限数量", "频次上限"),
    "period": ("周期",),
    "logic": ("检出逻辑",),
    "basis": ("逻辑依据",),
    "code_count": ("知识点对应药品代码数量",),
}
CODES: Mapping[str, tuple[str, ...]] = {
    "number": ("对应知识点序号",),
    "name": ("药品通用名",),
    "code": ("药品代码",),
}


class FileRefused(ValueError):
    """The file cannot be read at all."""

    def __init__(self, fault: Fault) -> None:
        """``fault`` says why."""
        super().__init__(fault.code)
        self.fault = fault


@dataclass(frozen=True)
class Sheet:
    """One sheet whose headings were found."""

    name: str
    is_codes: bool
    places: Mapping[str, int]
    """Column key to its place, from 0."""
    rows: Sequence[tuple[int, Sequence[str]]]
    """Number of the row in the sheet, and its texts; empty rows are left out."""

    def cell(self, key: str, row: int) -> str:
        """Name of a column's cell."""
        return cell_name(self.places.get(key, 0) + 1, row)

    def text(self, key: str, texts: Sequence[str]) -> str:
        """What stands in a column; empty where the sheet does not have it."""
        place = self.places.get(key)
        return texts[place] if place is not None and place < len(texts) else ""


def sheets_of(content: bytes) -> list[Sheet]:
    """All sheets with known headings, in the order of the workbook.

    Raises:
        FileRefused: it is no workbook, or larger than can be read.
    """
    _refuse_unreadable(content)
    try:
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        return [found for sheet in workbook.worksheets if (found := _sheet(sheet.title, _texts(sheet)))]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, OSError, ValueError) as error:
        if isinstance(error, FileRefused):
            raise
        raise FileRefused(Fault("not_a_workbook")) from error


def _refuse_unreadable(content: bytes) -> None:
    if content.startswith(_OLD):
        raise FileRefused(Fault("old_workbook"))
    if len(content) > MOST_BYTES:
        raise FileRefused(Fault("too_large", values={"most": MOST_BYTES // 1024 // 1024}))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile as error:
        raise FileRefused(Fault("not_a_workbook")) from error
    if unpacked > MOST_UNPACKED:
        raise FileRefused(Fault("not_a_workbook"))


def _texts(sheet: object) -> Iterator[tuple[int, list[str]]]:
    rows = sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS)  # type: ignore[attr-defined]
    for number, row in enumerate(rows, start=1):
        texts = [_text(value) for value in row]
        if any(texts):
            yield number, texts


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _sheet(name: str, rows: Iterator[tuple[int, list[str]]]) -> Sheet | None:
    for number, texts in rows:
        if number > _HEADINGS_WITHIN:
            return None
        plain = [_heading(text) for text in texts]
        is_codes = any(heading.startswith("对应知识点序号") for heading in plain)
        places = _places(plain, CODES if is_codes else POINTS)
        if {"number", "name"} <= set(places):
            return Sheet(name, is_codes, places, _bounded(name, rows))
    return None


def _bounded(name: str, rows: Iterator[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    taken = []
    for row in rows:
        taken.append(row)
        if len(taken) > MOST_ROWS:
            raise FileRefused(Fault("too_many_rows", name, values={"most": MOST_ROWS}))
    return taken


def _heading(text: str) -> str:
    """A heading without blanks, line breaks and what stands in brackets."""
    plain = "".join(text.split()).replace("(", "（")
    return plain.partition("（")[0]


def _places(headings: Sequence[str], known: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Column key to place; the longest beginning wins, so that A名称 is not taken for 名称."""
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        for key, beginnings in known.items():
            if heading and key not in places and heading.startswith(beginnings):
                places[key] = place
                break
    return places
