"""Wire forms that the e-prescription centre has beside those of the core, and writing a message whole."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from insurance.gateway.messages.wire import RequestUnfit, Wire, encode, encode_nodes, quantity

Node = dict[str, object]


def number(name: str, *, digits: int, places: int) -> Wire:
    """A number N``digits``,``places``; at most four places."""
    wider = quantity(name)

    def write(value: Decimal) -> object:
        if value != round(value, places) or abs(value) >= Decimal(10) ** (digits - places):
            raise RequestUnfit(f"{name}: {value} does not fit N{digits},{places}")
        return wider.write(value)

    return dataclasses.replace(wider, write=write)


def whole(message: object, faults: Iterable[str] = (), /, **nodes: object) -> Node:
    """Write a message whose own fields stand beside its nodes; a tuple becomes a list.

    Raises:
        RequestUnfit: naming every value of every node that does not fit, and ``faults``.
    """
    found, written = list(faults), dict[str, object]()
    writers: tuple[Callable[[], Node], ...] = (lambda: encode(message), lambda: encode_nodes(**nodes))
    for write in writers:
        try:
            written |= write()
        except RequestUnfit as unfit:
            found += unfit.faults
    if found:
        raise RequestUnfit(*found)
    return written


def without_files(content: Mapping[str, object], most: int = 2000) -> Node:
    """The content for people to read: a long text is said by its length."""
    return {
        name: f"({len(value)} characters)" if isinstance(value, str) and len(value) > most else value
        for name, value in content.items()
    }
