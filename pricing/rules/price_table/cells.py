"""What stands in a cell, as canonical text."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from pricing.rules.price_table.bands import bands_of, bands_text, plain
from pricing.rules.price_table.columns import Column, Form

Value = str | int | float | bool | date | datetime | None
"""What a spreadsheet gives; text only from a CSV file."""

_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
_NUMBER = re.compile(r"\d+(\.\d*)?|\.\d+")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_FLAGS = {"是": "yes", "否": "no", "yes": "yes", "no": "no", "true": "yes", "false": "no", "y": "yes", "n": "no", "1": "yes", "0": "no"}  # fmt: skip
_QUOTED_CODE = re.compile(r'="([^"]*)"')
_CERTAIN = 10**15
"""Numbers from here on lose digits in a spreadsheet."""


class CellRefused(ValueError):
    """The cell does not say what its column asks; ``args`` are the code of the fault and its values."""

    def __init__(self, code: str, **values: object) -> None:
        """``code`` is one of ``faults.WORDS``."""
        super().__init__(code)
        self.code, self.values = code, values


def text_of(value: Value) -> str:
    """A cell as plain text: full-width letters as half-width, outer spaces removed; empty for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime | date):
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    if isinstance(value, float):
        # Fifteen digits are what a spreadsheet shows; the rest is noise of binary fractions.
        return plain(Decimal(f"{value:.15g}"))
    return unicodedata.normalize("NFKC", str(value)).replace("\u200b", "").strip()


def unquoted(value: Value) -> Value:
    """``="0011"`` keeps Excel from taking a code for a number, and ``'=`` from taking a text for a formula."""
    if not isinstance(value, str):
        return value
    found = _QUOTED_CODE.fullmatch(value.strip())
    if found:
        return found.group(1)
    return value[1:] if value[:1] == "'" and value[1:2] in set("=+-@") else value


def canonical(column: Column, value: Value) -> str:
    """The canonical text of a cell that is not empty.

    Raises:
        CellRefused: it is not what the column asks.
    """
    return _READERS[column.form](column, value)


def _text(_column: Column, value: Value) -> str:
    # Full-width punctuation belongs to a text; only what is compared is folded.
    return str(value).strip() if isinstance(value, str) else text_of(value)


def _code(_column: Column, value: Value) -> str:
    text = text_of(value)
    lost = isinstance(value, int | float) and abs(value) >= _CERTAIN
    if lost or (_SCIENTIFIC.fullmatch(text) and "+" in text):
        raise CellRefused("code_as_number")
    return text


def _decimal(text: str, fault: str) -> Decimal:
    bare = text.replace("￥", "").replace("¥", "").removesuffix("元").strip()
    if _GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
    if not _NUMBER.fullmatch(bare):
        raise CellRefused(fault)
    try:
        return Decimal(bare)
    except InvalidOperation as error:  # pragma: no cover - the pattern lets only numbers through
        raise CellRefused(fault) from error


def _number(_column: Column, value: Value) -> str:
    return plain(_decimal(text_of(value), "number"))


def _fraction(_column: Column, value: Value) -> str:
    text = text_of(value)
    if text.endswith("%"):
        return plain(_decimal(text[:-1].strip(), "fraction") / 100)
    return plain(_decimal(text, "fraction"))


def _integer(_column: Column, value: Value) -> str:
    text = plain(_decimal(text_of(value), "integer"))
    if not text.isdigit() or len(text) > 4:
        raise CellRefused("integer")
    return text


def _day(_column: Column, value: Value) -> str:
    text = text_of(value)
    found = _DAY.fullmatch(text.replace(" ", "").removesuffix("00:00:00")) or re.fullmatch(
        r"(\d{4})(\d{2})(\d{2})", text if isinstance(value, str) else ""
    )
    if found is None:
        raise CellRefused("day")
    year, month, day = map(int, found.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise CellRefused("day") from error


def _flag(_column: Column, value: Value) -> str:
    flag = _FLAGS.get(text_of(value).lower())
    if flag is None:
        raise CellRefused("flag")
    return flag


def _choice(column: Column, value: Value) -> str:
    text = text_of(value).lower()
    for canonical_value, word in column.choices.items():
        if text in {canonical_value.lower(), unicodedata.normalize("NFKC", word).lower()}:
            return canonical_value
    raise CellRefused("choice", choices="、".join(column.choices.values()))


def _bands(_column: Column, value: Value) -> str:
    try:
        return bands_text(bands_of(text_of(value)))
    except ValueError as error:
        raise CellRefused("bands") from error


_READERS: Mapping[Form, Callable[[Column, Value], str]] = {
    Form.TEXT: _text,
    Form.CODE: _code,
    Form.NUMBER: _number,
    Form.FRACTION: _fraction,
    Form.INTEGER: _integer,
    Form.DAY: _day,
    Form.FLAG: _flag,
    Form.CHOICE: _choice,
    Form.BANDS: _bands,
}
