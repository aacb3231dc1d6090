"""Our names and types on one side, the insurer's names and text forms on the other.

A message is a frozen dataclass whose fields are ``Annotated`` with what they are called on the wire::

    visit_number: Annotated[str, text("mdtrt_id", 30)]

A field with a default may be absent on the wire; one without must be there. A request is checked as a whole before
anything is sent: ``RequestUnfit`` names every field that does not fit, not only the first.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, get_type_hints

from insurance.gateway.messages.fields import (
    SHANGHAI,
    Amount,
    AmountsDisputed,
    Refused,
    ReplyInconsistent,
    RequestUnfit,
    Wire,
    code,
    count,
    day,
    decimal,
    flag,
    moment,
    money,
    month,
    quantity,
    rate,
    region_of_insurance,
    text,
    unit_price,
)

__all__ = [
    "SHANGHAI",
    "Acknowledged",
    "Amount",
    "AmountsDisputed",
    "Refused",
    "ReplyInconsistent",
    "RequestUnfit",
    "Wire",
    "code",
    "count",
    "day",
    "decimal",
    "decode",
    "decode_each",
    "decode_nothing",
    "encode",
    "encode_nodes",
    "flag",
    "moment",
    "money",
    "month",
    "quantity",
    "rate",
    "region_of_insurance",
    "rows",
    "text",
    "unit_price",
    "wires",
]


def encode(message: object) -> dict[str, object]:
    """Write a message as a node of ``input``; optional fields that are None are left out.

    Raises:
        RequestUnfit: naming every value that is missing or does not fit its field.
    """
    node, faults = _written(message, "")
    if faults:
        raise RequestUnfit(*faults)
    return node


def encode_nodes(also: Iterable[str] = (), /, **nodes: object) -> dict[str, object]:
    """Write the nodes of ``input``; a tuple of messages becomes a list, which must not be empty.

    Raises:
        RequestUnfit: naming every fault of every row of every node ("feedetail[2].pric: …"), and those of ``also``.
    """
    written: dict[str, object] = {}
    faults = list(also)
    for name, content in nodes.items():
        if isinstance(content, tuple):
            rows = [_written(row, f"{name}[{number}].") for number, row in enumerate(content, 1)]
            written[name] = [node for node, _ in rows]
            faults += [fault for _, found in rows for fault in found]
            faults += [] if rows else [f"{name}: at least one row is needed"]
        else:
            written[name], found = _written(content, "")
            faults += found
    if faults:
        raise RequestUnfit(*faults)
    return written


def rows(name: str, kind: type) -> Wire:
    """A list of messages within a message; it must not be empty where it is written."""

    def write(values: tuple[object, ...]) -> object:
        return encode_nodes(**{name: values})[name]

    return Wire(name, write, lambda given: decode_each(kind, given))


def _written(message: object, place: str) -> tuple[dict[str, object], list[str]]:
    """A node, and what does not fit of it."""
    node: dict[str, object] = {}
    faults: list[str] = []
    optional = _optional_names(type(message))
    for name, wire in wires(type(message)).items():
        value = getattr(message, name)
        if value is None and name not in optional:
            faults.append(f"{place}{wire.name}: missing")
        elif value is not None:
            try:
                written = wire.write(value)
            except RequestUnfit as unfit:
                faults += [place + fault for fault in unfit.faults]
            else:
                node |= {} if wire.in_envelope else {wire.name: written}
    return node, faults


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
    fields: Any = dataclasses.fields(kind)
    return frozenset(field.name for field in fields if field.default is not dataclasses.MISSING)


@dataclass(frozen=True, kw_only=True)
class Acknowledged:
    """The transaction succeeded and has no content to tell."""


def decode_nothing(request: object, output: Mapping[str, object]) -> Acknowledged:
    """Read a reply that has no content."""
    return Acknowledged()
