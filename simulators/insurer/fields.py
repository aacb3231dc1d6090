"""Field descriptions of the wire format and the check of a message against them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

DAY = "%Y-%m-%d"
MOMENT = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True)
class Field:
    """One field: ``kind`` is C (text), N (number), D (day) or DT (moment); ``length`` counts characters.

    For a number ``length`` is all digits and ``places`` those after the point.
    """

    name: str
    kind: str
    length: int = 0
    places: int = 0
    required: bool = False
    codes: frozenset[str] | None = None

    def violations(self, value: object) -> list[str]:
        """Name everything that is wrong with a value; an absent optional value is never wrong."""
        if value is None or value == "":
            return [f"{self.name}不能为空"] if self.required else []
        if self.kind == "N":
            return self._number_violations(value)
        if not isinstance(value, str):
            return [f"{self.name}应为字符型"]
        if self.kind in ("D", "DT"):
            return self._time_violations(value)
        if len(value) > self.length:
            return [f"{self.name}长度超过{self.length}"]
        if self.codes is not None and value not in self.codes:
            return [f"{self.name}字典值{value}不存在"]
        return []

    def _number_violations(self, value: object) -> list[str]:
        number = number_or_none(value)
        if number is None:
            return [f"{self.name}应为数值型"]
        exponent = number.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > self.places:
            return [f"{self.name}小数位超过{self.places}"]
        if abs(number) >= Decimal(10) ** (self.length - self.places):
            return [f"{self.name}超过N{self.length},{self.places}"]
        return []

    def _time_violations(self, value: str) -> list[str]:
        try:
            datetime.strptime(value, DAY if self.kind == "D" else MOMENT)  # noqa: DTZ007 (only the shape counts)
        except ValueError:
            return [f"{self.name}日期格式错误"]
        return []


@dataclass(frozen=True)
class Rows:
    """A list of objects within an object, never empty."""

    name: str
    fields: tuple["Field | Rows", ...]

    def violations(self, value: object) -> list[str]:
        """Name everything that is wrong with the list."""
        if not isinstance(value, list) or not value or not all(isinstance(row, dict) for row in value):
            return [f"{self.name}缺失或格式错误"]
        return [found for row in value for found in field_violations(self.fields, row)]


@dataclass(frozen=True)
class Node:
    """A node of ``input``: one object, or with ``many`` a list of up to ``most`` objects."""

    name: str
    fields: tuple[Field | Rows, ...]
    many: bool = False
    most: int = 100
    optional: bool = False

    def violations(self, content: Mapping[str, Any]) -> list[str]:
        """Name everything that is wrong with this node of a message."""
        value = content.get(self.name)
        if value is None and self.optional:
            return []
        rows = value if self.many else [value]
        if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
            return [f"节点{self.name}缺失或格式错误"]
        if len(rows) > self.most:
            return [f"节点{self.name}超过{self.most}条"]
        return [found for row in rows for found in field_violations(self.fields, row)]


def field_violations(fields: Iterable[Field | Rows], row: Mapping[str, Any]) -> list[str]:
    """Name everything that is wrong with one object."""
    return [found for field in fields for found in field.violations(row.get(field.name))]


def number_or_none(value: object) -> Decimal | None:
    """Read a number given as a JSON number or as text; None when it is neither."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, str)):
        return None
    if isinstance(value, str) and not re.fullmatch(r"-?\d+(\.\d+)?", value):
        return None
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def text(name: str, length: int, codes: frozenset[str] | None = None) -> Field:
    """An optional text field."""
    return Field(name, "C", length, codes=codes)


def must(name: str, length: int, codes: frozenset[str] | None = None) -> Field:
    """A required text field."""
    return Field(name, "C", length, required=True, codes=codes)


def number(name: str, length: int, places: int) -> Field:
    """A required number."""
    return Field(name, "N", length, places, required=True)


def day(name: str, *, required: bool = False) -> Field:
    """A day."""
    return Field(name, "D", required=required)


def moment(name: str, *, required: bool = False) -> Field:
    """A moment, to the second."""
    return Field(name, "DT", required=required)
