"""``manage.py print_events``: ``docs/events.md`` from the event classes, publishers and subscribers."""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings

from kernel.events import subscribers_of
from kernel.management.printed import PrintPage, first_paragraph, modules_of

HEAD = """\
# Events

Printed by `manage.py print_events --write`. A lower app publishes, apps above subscribe (`kernel.events`); handlers run
in the publisher's transaction, in the order listed, so that a fault in one takes back the whole step. Nothing else points
upward: foreign keys and imports go down.
"""


class Command(PrintPage):
    """Print every event with who publishes it and who subscribes."""

    help = "Print docs/events.md."
    page_path = "docs/events.md"

    def page(self) -> str:
        """All events, lowest app first."""
        return "\n".join([HEAD, *(_section(app) for app in settings.OWN_APPS if list(events_of(app)))])


def events_of(app: str) -> Iterator[type[Any]]:
    """The event classes an app defines."""
    name = f"{app}.events"
    if find_spec(name):
        for value in vars(import_module(name)).values():
            if inspect.isclass(value) and is_dataclass(value) and value.__module__ == name:
                yield value


def publishers_of(app: str, event: type[Any]) -> list[str]:
    """Files of the app that publish the event."""
    return [
        module.path
        for module in modules_of(app)
        if any(
            node.args and ast.unparse(node.args[0]).startswith(f"{event.__name__}(")
            for node in module.calls_of("publish")
        )
    ]


def _section(app: str) -> str:
    lines = [f"## {app}", "", "| event | means | published in | subscribers |", "|---|---|---|---|"]
    for event in events_of(app):
        names = ", ".join(field.name for field in fields(event))
        published = "<br>".join(f"`{path}`" for path in publishers_of(app, event)) or "nowhere"
        told = "<br>".join(map(_subscriber, subscribers_of(event))) or "nobody"
        means = first_paragraph(event.__doc__)
        lines.append(f"| `{event.__name__}({names})` | {means} | {published} | {told} |")
    return "\n".join([*lines, ""])


def _subscriber(handler: Any) -> str:
    app = handler.__module__.partition(".")[0]
    return f"`{app}.{handler.__name__}`: {first_paragraph(handler.__doc__)}"
