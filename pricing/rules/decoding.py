"""JSON becomes frozen facts: strictly, with the place of every fault."""

import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any, NoReturn, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from django.utils.translation import gettext as _

from kernel.errors import DomainError, Violation
from pricing.rules.plain_values import PLAIN, Unfit, text_in

T = TypeVar("T")

_OURS = "our rule: nothing that was misread is priced"
_FAULT = object()
"""Stands for a value that could not be read; its fault is kept."""


class NotReadable(DomainError):
    """The JSON does not say what was asked for; ``violations`` name every place in ``field``."""

    code = "not_readable"


class NotJson(DomainError):
    """The text is no JSON; the message names line and column."""

    code = "not_json"


def json_of(text: str) -> Any:
    """The value of a JSON text; numbers with a point are exact, a key stands once.

    Raises:
        NotJson: it is none.
    """
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant, object_pairs_hook=_once)
    except json.JSONDecodeError as fault:
        shown = {"line": fault.lineno, "column": fault.colno, "fault": fault.msg}
        raise NotJson(_("Line %(line)s, column %(column)s: %(fault)s.") % shown) from fault
    except (ValueError, ArithmeticError) as fault:
        raise NotJson(_("This is no JSON that can be read: %(fault)s.") % {"fault": fault}) from fault
    except RecursionError as fault:
        raise NotJson(_("This JSON is nested too deeply.")) from fault


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    known = dict(pairs)
    if len(known) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return known


def decoded(cls: type[T], value: Any, place: str = "") -> T:
    """An instance of a frozen dataclass from plain JSON; a field that is left out has its default.

    ``place`` is where the value stands in what was sent.

    Raises:
        NotReadable: a field is unknown, missing, or of another kind; every fault is named.
    """
    reader = _Reader()
    found = reader.read(cls, value, place)
    if reader.faults:
        raise NotReadable(violations=reader.faults)
    return cast("T", found)


class _Reader:
    """Reads values by their types and keeps every fault."""

    def __init__(self) -> None:
        self.faults: list[Violation] = []

    def refuse(self, place: str, message: str) -> Any:
        """PR-90: what is sent in says every field once, by its name, and each of the kind it has.

        Source: our rule: nothing that was misread is priced.
        """
        self.faults.append(Violation("PR-90", message, field=place, source=_OURS))
        return _FAULT

    def read(self, kind: Any, value: Any, place: str) -> Any:
        origin = get_origin(kind)
        if origin in (Union, types.UnionType):
            return self._optional(kind, value, place)
        if origin in (tuple, frozenset):
            return self._many(get_args(kind)[0], origin, value, place)
        if isinstance(kind, type) and issubclass(kind, tuple):
            return self._many(_held_by(kind), kind, value, place)
        if origin is Mapping or origin is dict:
            return self._by_key(get_args(kind)[1], value, place)
        if is_dataclass(kind):
            return self._fields(cast("type", kind), value, place)
        return self._plain(kind, value, place)

    def _optional(self, kind: Any, value: Any, place: str) -> Any:
        wanted = next(each for each in get_args(kind) if each is not type(None))
        return None if value is None else self.read(wanted, value, place)

    def _many(self, wanted: Any, origin: Any, value: Any, place: str) -> Any:
        if not isinstance(value, list):
            return self.refuse(place, _("Here stands a list."))
        held = [self.read(wanted, each, f"{place}[{number}]") for number, each in enumerate(value)]
        return _FAULT if any(each is _FAULT for each in held) else origin(held)

    def _by_key(self, wanted: Any, value: Any, place: str) -> Any:
        if not isinstance(value, dict):
            return self.refuse(place, _("Here stands an object."))
        held = {key: self.read(wanted, each, f"{place}.{key}") for key, each in value.items()}
        return _FAULT if any(each is _FAULT for each in held.values()) else held

    def _fields(self, cls: type, value: Any, place: str) -> Any:
        if not isinstance(value, dict):
            return self.refuse(place, _("Here stands an object."))
        kinds = _kinds_of(cls)
        inside = f"{place}." if place else ""
        for unknown in sorted(set(value) - set(kinds)):
            self.refuse(f"{inside}{unknown[:60]}", _("There is no such field."))
        for missing in sorted(_required(cls) - set(value)):
            self.refuse(f"{inside}{missing}", _("This is missing."))
        known = {
            name: self.read(kinds[name], value[name], f"{inside}{name}") for name in kinds if name in value
        }
        if set(value) - set(kinds) or _required(cls) - set(value) or _FAULT in known.values():
            return _FAULT
        return cls(**known)

    def _plain(self, kind: Any, value: Any, place: str) -> Any:
        try:
            if isinstance(kind, type) and issubclass(kind, Enum):
                return kind(text_in(value))
            return PLAIN[kind](value)
        except Unfit as fault:
            return self.refuse(place, str(fault))
        except ValueError:
            return self.refuse(place, _("%(value)s is not one of the words for this.") % {"value": value})


def _held_by(kind: Any) -> Any:
    """What a named kind of tuple holds."""
    return get_args(kind.__orig_bases__[0])[0]


@lru_cache(maxsize=64)
def _kinds_of(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


@lru_cache(maxsize=64)
def _required(cls: Any) -> frozenset[str]:
    return frozenset(
        each.name for each in fields(cls) if each.default is MISSING and each.default_factory is MISSING
    )
