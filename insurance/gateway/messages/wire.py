"""Our names and types on one side, the insurer's names and text forms on the other.

A message is a frozen dataclass whose fields are ``Annotated`` with what they are called on the wire::

    visit_number: Annotated[str, text("mdtrt_id", 30)]

A field with a default may be absent on the wire; one without must be there.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar, get_type_hints
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_DAY = "%Y-%m-%d"
_MOMENT = "%Y-%m-%d %H:%M:%S"
_TRUE, _FALSE = "1", "0"


class RequestUnfit(ValueError):
    """A request cannot be written: a value is missing, too long or of the wrong shape. Nothing was sent."""


class ReplyInconsistent(ValueError):
    """A reply cannot be believed: unreadable, incomplete, about someone else, or its amounts do not add up."""


class AmountsDisputed(ReplyInconsistent):
    """A reply that can be read, whose amounts break a sum that holds in every settlement, or what was sent."""


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


def count(name: str) -> Wire:
    """A whole number."""
    return Wire(name, str, lambda value: int(_read_number(value)))


def day(name: str) -> Wire:
    """A day."""
    return Wire(name, lambda value: value.strftime(_DAY), _read_day)


def moment(name: str) -> Wire:
    """A moment; on the wire Shanghai time to the second."""
    return Wire(name, lambda value: value.astimezone(SHANGHAI).strftime(_MOMENT), _read_moment)


def flag(name: str) -> Wire:
    """Yes or no, on the wire 1 or 0."""
    return Wire(name, lambda value: _TRUE if value else _FALSE, lambda value: _read_text(value) == _TRUE)


def encode(message: object) -> dict[str, object]:
    """Write a message as a node of ``input``; fields that are None are left out.

    Raises:
        RequestUnfit: a value does not fit its field.
    """
    node: dict[str, object] = {}
    for name, wire in wires(type(message)).items():
        value = getattr(message, name)
        if value is not None and not wire.in_envelope:
            node[wire.name] = wire.write(value)
    return node


M = TypeVar("M")


def decode(kind: type[M], node: object) -> M:
    """Read a node of ``output``.

    Raises:
        ReplyInconsistent: the node or a required field is missing, or a value cannot be read.
    """
    if not isinstance(node, Mapping):
        raise ReplyInconsistent(f"{kind.__name__}: the node is missing")
    optional = _optional_names(kind)
    values: dict[str, Any] = {}
    for name, wire in wires(kind).items():
        given = node.get(wire.name)
        if given is not None and given != "":
            values[name] = wire.read(given)
        elif name not in optional:
            raise ReplyInconsistent(f"{wire.name} is missing")
    return kind(**values)


def decode_each(kind: type[M], nodes: object) -> tuple[M, ...]:
    """Read a list of nodes; a missing list is an empty one."""
    if nodes is None:
        return ()
    if not isinstance(nodes, list):
        raise ReplyInconsistent(f"{kind.__name__}: not a list")
    return tuple(decode(kind, node) for node in nodes)


_KNOWN: dict[type, dict[str, Wire]] = {}


def wires(kind: type) -> dict[str, Wire]:
    """Our field names, in order, with their wire forms; fields without one are not on the wire."""
    if kind not in _KNOWN:
        _KNOWN[kind] = dict(_annotated(kind))
    return _KNOWN[kind]


def _annotated(kind: type) -> Iterator[tuple[str, Wire]]:
    for field, hint in get_type_hints(kind, include_extras=True).items():
        for extra in getattr(hint, "__metadata__", ()):
            if isinstance(extra, Wire):
                yield field, extra


def _optional_names(kind: type) -> frozenset[str]:
    fields = dataclasses.fields(kind)
    return frozenset(field.name for field in fields if field.default is not dataclasses.MISSING)


def _number(name: str, *, digits: int, places: int, fewest: int) -> Wire:
    def write(value: Decimal) -> str:
        exact = _exact(value, places)
        if exact is None or abs(exact) >= Decimal(10) ** (digits - places):
            raise RequestUnfit(f"{name}: {value} does not fit N{digits},{places}")
        whole, _, fraction = f"{exact:f}".partition(".")
        fraction = fraction.rstrip("0").ljust(fewest, "0")
        return f"{whole}.{fraction}" if fraction else whole

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


def _read_moment(value: object) -> datetime:
    try:
        return datetime.strptime(_read_text(value)[:19], _MOMENT).replace(tzinfo=SHANGHAI)
    except ValueError as wrong:
        raise ReplyInconsistent(f"not a moment: {value!r}") from wrong


@dataclass(frozen=True, kw_only=True)
class Acknowledged:
    """The transaction succeeded and has no content to tell."""


def decode_nothing(request: object, output: Mapping[str, object]) -> Acknowledged:
    """Read a reply that has no content."""
    return Acknowledged()
