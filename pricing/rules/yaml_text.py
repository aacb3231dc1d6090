"""YAML whose every value is text, with the place of every value.

Nothing is guessed from the look of a value: 001102000010000 stays a code, 8.40 stays 8.40.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import yaml
from django.utils.translation import gettext_lazy as _

from kernel.errors import Text

Path = tuple[str | int, ...]
_DEEPEST = 10  # levels; an alias that holds itself would never end
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where it is there: ten times as fast


@dataclass(frozen=True, slots=True)
class Place:
    """Line and column in the file, both from 1."""

    line: int
    column: int


class NotReadable(Exception):
    """The text is not YAML, or says one thing twice."""

    def __init__(self, place: Place, message: Text) -> None:
        self.place = place
        self.message = message
        super().__init__(place, str(message))


@dataclass
class PlacedText:
    """Mappings, lists and text, and where each of them stands."""

    content: Any
    text: str = field(default="", repr=False)

    @cached_property
    def _places(self) -> dict[Path, Place]:
        # Asked for only where there is a fault to tell, and then read again: places cost more than the content.
        places: dict[Path, Place] = {}
        _careful(self.text, places)
        return places

    def place_of(self, path: Path) -> Place:
        """The place of the value, or of the nearest value around it."""
        while path and path not in self._places:
            path = path[:-1]
        return self._places.get(path, Place(1, 1))


class _Unusual(Exception):
    """Something that is refused, or seldom: it is read again with care."""


def read(text: str) -> PlacedText:
    """Read one YAML document.

    Raises:
        NotReadable: with the place of the first fault.
    """
    try:
        content = _quick(text)
    except (_Unusual, yaml.YAMLError, StopIteration):
        content = _careful(text, {})
    return PlacedText(content, text)


def _quick(text: str) -> Any:
    """The content from the stream of events, without a tree of nodes."""
    following: Callable[[], yaml.Event] = yaml.parse(text, Loader=_LOADER).__next__
    following(), following()  # the beginnings of stream and document
    content = _value(following(), following, 0)
    if type(following()) is not yaml.DocumentEndEvent or type(following()) is not yaml.StreamEndEvent:
        raise _Unusual
    return content


def _value(event: yaml.Event, following: Callable[[], yaml.Event], depth: int) -> Any:
    kind = type(event)
    if kind is yaml.ScalarEvent:
        return event.value  # type: ignore[attr-defined]
    if depth >= _DEEPEST:
        raise _Unusual
    if kind is yaml.SequenceStartEvent:
        found: list[Any] = []
        while type(event := following()) is not yaml.SequenceEndEvent:
            found.append(_value(event, following, depth + 1))
        return found
    if kind is yaml.MappingStartEvent:
        return _mapping(following, depth)
    raise _Unusual


def _mapping(following: Callable[[], yaml.Event], depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while type(event := following()) is not yaml.MappingEndEvent:
        if type(event) is not yaml.ScalarEvent or event.value in found:
            raise _Unusual
        found[event.value] = _value(following(), following, depth + 1)
    return found


def _careful(text: str, places: dict[Path, Place]) -> Any:
    """The content from a tree of nodes, which know their places and resolve aliases."""
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as fault:
        raise NotReadable(_place(fault.problem_mark or fault.context_mark), _("This is not YAML.")) from fault
    except (yaml.YAMLError, ValueError) as fault:
        raise NotReadable(Place(1, 1), _("This is not YAML.")) from fault
    return _plain(root, (), places)


def _plain(node: yaml.Node | None, path: Path, places: dict[Path, Place]) -> Any:
    if node is None:
        return None
    if len(path) > _DEEPEST:
        raise NotReadable(_place(node.start_mark), _("This is nested too deeply."))
    places[path] = _place(node.start_mark)
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [_plain(each, (*path, index), places) for index, each in enumerate(node.value)]
    found: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise NotReadable(_place(key.start_mark), _("This is not YAML."))
        if key.value in found:
            raise NotReadable(_place(key.start_mark), _("“%(key)s” is given twice.") % {"key": key.value})
        found[key.value] = _plain(value, (*path, key.value), places)
    return found


def _place(mark: yaml.Mark | None) -> Place:
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
