"""A published workbook becomes knowledge points; every cell that does not fit is told."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from screening.rules.facts import plain_name
from screening.rules.kinds import Kind
from screening.rules.knowledge_file.faults import Fault
from screening.rules.knowledge_file.limits import Limit, LimitMissing, Row, is_of, limit_of
from screening.rules.knowledge_file.sheets import FileRefused, Sheet, sheets_of

_CODE = re.compile(r"[A-Z0-9]{6,50}")
_BETWEEN = re.compile(r"[\s、,，;；/]+")
_LONGEST_NAME, _LONGEST_LOGIC, _SHOWN = 200, 300, 60


@dataclass
class ReadPoint:
    """One knowledge point as the file has it."""

    number: int
    name: str
    row: int
    """In the first sheet."""
    logic: str = ""
    basis: str = ""
    limit: Limit = field(default_factory=Limit)
    partner_code: str = ""
    partner_name: str = ""
    codes: list[str] = field(default_factory=list)
    said_codes: int | None = None


@dataclass
class KnowledgeRead:
    """What a file says, and what is wrong with it."""

    points: dict[int, ReadPoint] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @property
    def code_count(self) -> int:
        """Codes of all points."""
        return sum(len(point.codes) for point in self.points.values())


def read_knowledge(content: bytes, kind: Kind) -> KnowledgeRead:
    """Read a whole file for a rule of a kind; a fault in one row keeps no other from being read."""
    read = KnowledgeRead()
    try:
        sheets = sheets_of(content)
    except FileRefused as refusal:
        read.faults.append(refusal.fault)
        return read
    points = next((sheet for sheet in sheets if not sheet.is_codes), None)
    if points is None:
        read.faults.append(Fault("no_points"))
        return read
    _read_points(read, points, kind)
    _read_codes(read, points, [sheet for sheet in sheets if sheet.is_codes])
    return read


def _read_points(read: KnowledgeRead, sheet: Sheet, kind: Kind) -> None:
    if "logic" not in sheet.places:
        read.faults.append(Fault("heading_missing", sheet.name, values={"heading": "检出逻辑"}))
    if not sheet.rows:
        read.faults.append(Fault("empty", sheet.name))
    for row, texts in sheet.rows:
        point = _point(read, sheet, row, texts)
        if point is not None:
            _read_limit(read, sheet, point, texts, kind)
            _read_inline_codes(read, sheet, point, texts)
            read.points[point.number] = point


def _point(read: KnowledgeRead, sheet: Sheet, row: int, texts: Sequence[str]) -> ReadPoint | None:
    number, name = sheet.text("number", texts), sheet.text("name", texts)
    if not number.isdecimal() or len(number) > 6:
        # Notes stand below some tables; a row that has no name either is one of them.
        if name:
            read.faults.append(Fault("number", sheet.name, sheet.cell("number", row), number[:_SHOWN]))
        return None
    if not name:
        read.faults.append(Fault("needed", sheet.name, sheet.cell("name", row)))
        return None
    if len(name) > _LONGEST_NAME:
        read.faults.append(
            Fault("too_long", sheet.name, sheet.cell("name", row), name[:_SHOWN], {"most": _LONGEST_NAME})
        )
        return None
    earlier = read.points.get(int(number))
    if earlier is not None:
        values = {"number": number, "row": earlier.row}
        read.faults.append(Fault("number_twice", sheet.name, sheet.cell("number", row), number, values))
        return None
    return ReadPoint(
        int(number), name, row, logic=sheet.text("logic", texts)[:_LONGEST_LOGIC], basis=sheet.text("basis", texts),
        partner_name=sheet.text("partner_name", texts)[:_LONGEST_NAME],
    )  # fmt: skip


def _read_limit(
    read: KnowledgeRead, sheet: Sheet, point: ReadPoint, texts: Sequence[str], kind: Kind
) -> None:
    if "logic" in sheet.places and not is_of(kind, point.logic):
        cell = sheet.cell("logic", point.row)
        read.faults.append(Fault("other_rule", sheet.name, cell, point.logic[:_SHOWN]))
        return
    sex, quantity, period = (sheet.text(key, texts) for key in ("sex", "quantity", "period"))
    row = Row(sex, quantity, period, point.logic, point.basis)
    try:
        point.limit = limit_of(kind, row)
    except LimitMissing as missing:
        typed = sheet.text(missing.column, texts)[:_SHOWN]
        read.faults.append(Fault(missing.code, sheet.name, sheet.cell(missing.column, point.row), typed))
    if kind is Kind.DUPLICATE_CHARGE and not point.partner_name:
        read.faults.append(Fault("needed", sheet.name, sheet.cell("partner_name", point.row)))


def _read_inline_codes(read: KnowledgeRead, sheet: Sheet, point: ReadPoint, texts: Sequence[str]) -> None:
    for code in _codes(sheet.text("code", texts)):
        _take_code(read, sheet, point, code, point.row)
    for code in _codes(sheet.text("partner_code", texts))[:1]:
        if _fits(read, sheet, code, sheet.cell("partner_code", point.row)):
            point.partner_code = code
    said = sheet.text("code_count", texts)
    point.said_codes = int(said) if said.isdecimal() else None


def _codes(text: str) -> list[str]:
    return [part for part in _BETWEEN.split(text.strip()) if part]


def _fits(read: KnowledgeRead, sheet: Sheet, code: str, cell: str) -> bool:
    if _CODE.fullmatch(code):
        return True
    read.faults.append(Fault("code", sheet.name, cell, code[:_SHOWN]))
    return False


def _take_code(read: KnowledgeRead, sheet: Sheet, point: ReadPoint, code: str, row: int) -> None:
    cell = sheet.cell("code", row)
    if not _fits(read, sheet, code, cell):
        return
    if code in point.codes:
        read.faults.append(Fault("code_twice", sheet.name, cell, code, {"number": point.number}))
        return
    point.codes.append(code)


def _read_codes(read: KnowledgeRead, points: Sheet, sheets: Sequence[Sheet]) -> None:
    if "code_count" in points.places and not sheets:
        read.faults.append(Fault("no_codes"))
        return
    for sheet in sheets:
        for row, texts in sheet.rows:
            _read_code(read, sheet, row, texts)
    if sheets:
        _compare_counts(read, points)


def _read_code(read: KnowledgeRead, sheet: Sheet, row: int, texts: Sequence[str]) -> None:
    number, name, code = (sheet.text(key, texts) for key in ("number", "name", "code"))
    if not number.isdecimal():
        if name or code:
            read.faults.append(Fault("number", sheet.name, sheet.cell("number", row), number[:_SHOWN]))
        return
    point = read.points.get(int(number))
    if point is None:
        cell = sheet.cell("number", row)
        read.faults.append(Fault("point_unknown", sheet.name, cell, number, {"number": number}))
    elif name and plain_name(name) != plain_name(point.name):
        values = {"number": number, "name": point.name}
        read.faults.append(Fault("other_name", sheet.name, sheet.cell("name", row), name[:_SHOWN], values))
    else:
        _take_code(read, sheet, point, code, row)


def _compare_counts(read: KnowledgeRead, points: Sheet) -> None:
    wrong = Counter(fault.code for fault in read.faults)
    if wrong["code"] or wrong["code_twice"] or wrong["point_unknown"] or wrong["other_name"]:
        return  # the counts follow from these
    for point in read.points.values():
        found = len(point.codes)
        if point.said_codes is not None and point.said_codes != found:
            values = {"said": point.said_codes, "found": found}
            cell = points.cell("code_count", point.row)
            read.faults.append(Fault("code_count", points.name, cell, str(point.said_codes), values))
