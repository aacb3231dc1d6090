"""Reading objects that people write (policies, cases to calculate), naming every fault by its place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from .fields import number_or_none

MISSING: Any = object()
Value = TypeVar("Value")


@dataclass(frozen=True)
class Fault:
    """One fault: ``field`` is the place as a path (``lines[0].pric``), ``message`` a sentence."""

    field: str
    message: str


class Unreadable(Exception):
    """What was read has faults; all of them are here."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("；".join(f"{fault.field}：{fault.message}" for fault in self.faults))


@dataclass
class Reader:
    """One object, read key by key. Faults are collected in ``faults``; a faulty value reads as its default."""

    content: Mapping[str, Any]
    path: str = ""
    faults: list[Fault] = field(default_factory=list)
    _read: set[str] = field(default_factory=set)

    def text(self, name: str, default: str = MISSING, *, choices: Iterable[str] = ()) -> str:
        """A text that is not empty; with ``choices`` one of them."""
        value = self._value(name, default)
        if value is default and default is not MISSING:
            return str(default)
        allowed = tuple(choices)
        if not isinstance(value, str) or not value.strip():
            return self._fault(name, "应为非空文字", default, "")
        if allowed and value not in allowed:
            return self._fault(name, f"应为{'、'.join(allowed)}之一", default, allowed[0])
        return value

    def texts(self, name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of texts."""
        value = self._value(name, list(default))
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            return self._fault(name, "应为文字的列表", default, default)
        return tuple(value)

    def amount(self, name: str, default: Decimal | None = MISSING) -> Decimal:
        """An amount of yuan from 0, at most two decimals."""
        return self._number(name, default, most=None, places=2)

    def number(self, name: str, default: Decimal = MISSING, *, places: int = 6) -> Decimal:
        """A number from 0."""
        return self._number(name, default, most=None, places=places)

    def rate(self, name: str, default: Decimal = MISSING) -> Decimal:
        """A fraction from 0 to 1."""
        return self._number(name, default, most=Decimal(1), places=4)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """True or false."""
        value = self._value(name, default)
        return value if isinstance(value, bool) else self._fault(name, "应为true或false", default, default)

    def day(self, name: str, default: date | None = MISSING) -> Any:
        """A day, as text yyyy-mm-dd or as YAML reads one."""
        value = self._value(name, default)
        if value is default and default is not MISSING:
            return default
        if type(value) is date:
            return value
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            return self._fault(name, "应为日期，格式yyyy-mm-dd", default, date.min)

    def node(self, name: str, *, required: bool = True) -> "Reader":
        """An object within this one; an empty reader when it may be missing."""
        value = self._value(name, MISSING if required else {})
        if not isinstance(value, dict):
            self._fault(name, "应为对象", MISSING, None)
            return Reader({}, self._place(name))  # what is within it needs no faults of its own
        return Reader(value, self._place(name), self.faults)

    def nodes(self, name: str, *, required: bool = True) -> list["Reader"]:
        """A list of objects; with ``required`` at least one."""
        value = self._value(name, MISSING if required else [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            return self._fault(name, "应为对象的列表", MISSING, [])
        if required and not value:
            return self._fault(name, "不能为空列表", MISSING, [])
        return [Reader(one, f"{self._place(name)}[{at}]", self.faults) for at, one in enumerate(value)]

    def has(self, name: str) -> bool:
        """Whether the key is there with a value."""
        return self.content.get(name) is not None

    def refuse(self, name: str, message: str) -> None:
        """Name a fault that only the caller can see."""
        self._fault(name, message, MISSING, None)

    def refuse_unknown_keys(self) -> None:
        """Name every key that nobody asked for: most are misspelt."""
        for name in self.content:
            if name not in self._read:
                self.refuse(str(name), "不认识的字段")

    def _value(self, name: str, default: Any) -> Any:
        self._read.add(name)
        value = self.content.get(name)
        if value is not None:
            return value
        if default is MISSING and not any(fault.field == self._place(name) for fault in self.faults):
            self.faults.append(Fault(self._place(name), "不能为空"))
        return default

    def _number(self, name: str, default: Any, *, most: Decimal | None, places: int) -> Decimal:
        value = self._value(name, default)
        if value is default:
            absent: Decimal = Decimal(0) if default is MISSING else default
            return absent
        number = number_or_none(value)
        if number is None or number < 0:
            return self._fault(name, "应为不小于0的数，小数请写成文字", default, Decimal(0))
        exponent = number.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > places:
            return self._fault(name, f"小数位超过{places}", default, Decimal(0))
        if most is not None and number > most:
            return self._fault(name, f"应在0和{most}之间", default, Decimal(0))
        return number

    def _fault(self, name: str, message: str, default: Any, instead: Value) -> Value:
        place = self._place(name)
        if not any(fault.field == place for fault in self.faults):
            self.faults.append(Fault(place, message))
        chosen: Value = instead if default is MISSING else default
        return chosen

    def _place(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name
