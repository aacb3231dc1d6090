"""Kinds of fields of the interface: what each is called on the wire, how it is written and how it is read."""

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_DAY = "%Y-%m-%d"
_MONTH = "%Y%m"
_MOMENT = "%Y-%m-%d %H:%M:%S"
_TRUE, _FALSE = "1", "0"


class RequestUnfit(ValueError):
    """A request cannot be written; nothing was sent. ``faults`` names every value that does not fit."""

    def __init__(self, *faults: str) -> None:
        """Each fault begins with the wire name of its field."""
        super().__init__("; ".join(faults))
        self.faults = faults


class ReplyInconsistent(ValueError):
    """A reply cannot be believed: unreadable, incomplete, about someone else, or its amounts do not add up."""


class Refused(ValueError):
    """A reply whose envelope says success, and whose content says that it was not done: the reason."""


class AmountsDisputed(ReplyInconsistent):
    """A reply that can be read, whose amounts break a sum that holds in every settlement, or what was sent."""


class Amount(str):
    """A number in its text form; a province that wants JSON numbers gets it without the quotes."""

    __slots__ = ()


@dataclass(frozen=True)
class Wire:
    """How one field is called, written and read."""

    name: str
    write: Callable[[Any], object]
    read: Callable[[Any], Any]
    in_envelope: bool = False


def text(name: str, length: int) -> Wire:
    """Text of at most ``length`` characters."""

    def write(value: str) -> str:
        if not value or len(value) > length:
            raise RequestUnfit(f"{name}: 1 to {length} characters are needed, {len(value)} given")
        return value

    return Wire(name, write, _read_text)


def code(name: str, length: int, known: Iterable[str]) -> Wire:
    """A value of a dictionary. A reply may hold one that is not known here."""
    plain, values = text(name, length), frozenset(known)

    def write(value: str) -> object:
        if value not in values:
            raise RequestUnfit(f"{name}: {value!r} is not one of {', '.join(sorted(values))}")
        return plain.write(value)

    return dataclasses.replace(plain, write=write)


def region_of_insurance() -> Wire:
    """The insured person's region; it travels in the envelope (insuplc_admdvs), not in the input."""
    return dataclasses.replace(text("insuplc_admdvs", 6), in_envelope=True)


def money(name: str) -> Wire:
    """Yuan with two places (N16,2), written as text."""
    return _number(name, digits=16, places=2, fewest=2)


def unit_price(name: str) -> Wire:
    """Yuan for one unit, up to six places (N16,6)."""
    return _number(name, digits=16, places=6, fewest=2)


def quantity(name: str) -> Wire:
    """A quantity with up to four places (N16,4)."""
    return _number(name, digits=16, places=4, fewest=0)


def rate(name: str) -> Wire:
    """A fraction between 0 and 1 with up to four places (N5,4)."""
    return _number(name, digits=5, places=4, fewest=0)


def decimal(name: str, digits: int, places: int) -> Wire:
    """Any other number with so many digits, of them so many after the point."""
    return _number(name, digits=digits, places=places, fewest=0)


def count(name: str, digits: int = 10) -> Wire:
    """A whole number of at most so many digits."""

    def write(value: int) -> Amount:
        if len(str(abs(value))) > digits:
            raise RequestUnfit(f"{name}: {value} has more than {digits} digits")
        return Amount(value)

    return Wire(name, write, lambda value: int(_read_number(value)))


def day(name: str) -> Wire:
    """A day."""
    return Wire(name, lambda value: value.strftime(_DAY), _read_day)


def month(name: str) -> Wire:
    """A month, on the wire as yyyyMM; here its first day."""
    return Wire(name, lambda value: value.strftime(_MONTH), _read_month)


def moment(name: str) -> Wire:
    """A moment; on the wire Shanghai time to the second."""
    return Wire(name, lambda value: value.astimezone(SHANGHAI).strftime(_MOMENT), _read_moment)


def flag(name: str) -> Wire:
    """Yes or no, on the wire 1 or 0."""
    return Wire(name, lambda value: _TRUE if value else _FALSE, lambda value: _read_text(value) == _TRUE)


def _number(name: str, *, digits: int, places: int, fewest: int) -> Wire:
    def write(value: Decimal) -> Amount:
        exact = _exact(value, places)
        if exact is None or abs(exact) >= Decimal(10) ** (digits - places):
            raise RequestUnfit(f"{name}: {value} does not fit N{digits},{places}")
        whole, _, fraction = f"{exact:f}".partition(".")
        fraction = fraction.rstrip("0").ljust(fewest, "0")
        return Amount(f"{whole}.{fraction}" if fraction else whole)

    def read(value: object) -> Decimal:
        exact = _exact(_read_number(value), places)
        if exact is None:
            raise ReplyInconsistent(f"{name}: more than {places} places")
        return exact

    return Wire(name, write, read)


def _exact(value: Decimal, places: int) -> Decimal | None:
    """The value with exactly so many places, None when that would lose something."""
    try:
        exact = value.quantize(Decimal(1).scaleb(-places))
    except InvalidOperation:
        return None
    return exact if exact == value else None


def _read_number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise ReplyInconsistent(f"not a number: {value!r}")
    try:
        number = Decimal(value)
    except InvalidOperation as wrong:
        raise ReplyInconsistent(f"not a number: {value!r}") from wrong
    if not number.is_finite():
        raise ReplyInconsistent(f"not a number: {value!r}")
    return number


def _read_text(value: object) -> str:
    # Some centres send codes as JSON numbers.
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise ReplyInconsistent(f"not text: {value!r}")
    return str(value)


def _read_day(value: object) -> date:
    try:
        return date.fromisoformat(_read_text(value)[:10])
    except ValueError as wrong:
        raise ReplyInconsistent(f"not a day: {value!r}") from wrong


def _read_month(value: object) -> date:
    try:
        return datetime.strptime(_read_text(value)[:6], _MONTH).replace(tzinfo=SHANGHAI).date()
    except ValueError as wrong:
        raise ReplyInconsistent(f"not a month: {value!r}") from wrong


def _read_moment(value: object) -> datetime:
    try:
        return datetime.strptime(_read_text(value)[:19], _MOMENT).replace(tzinfo=SHANGHAI)
    except ValueError as wrong:
        raise ReplyInconsistent(f"not a moment: {value!r}") from wrong
