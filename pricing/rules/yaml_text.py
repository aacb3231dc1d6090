"""YAML whose every value is text, with the place of every value.

Nothing is guessed from the look of a value: 001102000010000 stays a code, 8.40 stays 8.40.
"""

from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext_lazy as _

from kernel.errors import Text

Path = tuple[str | int, ...]
_DEEPEST = 10  # levels; an alias that holds itself would never end


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
    places: dict[Path, Place] = field(default_factory=dict)

    def place_of(self, path: Path) -> Place:
        """The place of the value, or of the nearest value around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(1, 1))


def read(text: str) -> PlacedText:
    """Read one YAML document.

    Raises:
        NotReadable: with the place of the first fault.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as fault:
        raise NotReadable(_place(fault.problem_mark or fault.context_mark), _("This is not YAML.")) from fault
    except yaml.YAMLError as fault:
        raise NotReadable(Place(1, 1), _("This is not YAML.")) from fault
    placed = PlacedText(None)
    placed.content = _plain(root, (), placed.places)
    return placed


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
