"""``manage.py print_states``: ``docs/states.md`` from the tables of the state machines."""

import ast
from collections.abc import Iterator
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from typing import Any

from django.conf import settings

from kernel.management.printed import ROOT, PrintPage
from kernel.workflow import Workflow

HEAD = """\
# States

Printed from the tables in `<app>/states.py` by `manage.py print_states --write`. What a table does not hold is refused
with `IllegalTransition`; the first state listed is the one a new row usually has.
"""


class Command(PrintPage):
    """Print every state machine as a Mermaid diagram with the meaning of its states."""

    help = "Print docs/states.md."
    page_path = "docs/states.md"

    def page(self) -> str:
        """All machines, lowest app first."""
        return "\n".join([HEAD, *(_section(app, found) for app, found in workflows())])


def workflows() -> Iterator[tuple[str, Workflow[Any, Any]]]:
    """Every state machine with its app."""
    for app in settings.OWN_APPS:
        if find_spec(f"{app}.states"):
            for value in vars(import_module(f"{app}.states")).values():
                if isinstance(value, Workflow):
                    yield app, value


def _section(app: str, workflow: Workflow[Any, Any]) -> str:
    states: type[StrEnum] = type(next(iter(workflow.table.values())))
    begins = {before for before, _event in workflow.table}
    lines = [f"    [*] --> {next(iter(states))}"]
    # A table may be built from sets, whose order differs from run to run.
    ordered = sorted(workflow.table.items(), key=lambda step: _places(*step[0]))
    lines += [f"    {before} --> {then}: {event}" for (before, event), then in ordered]
    lines += [f"    {state} --> [*]" for state in states if state not in begins]
    meanings = _meanings(app, states.__name__)
    told = [f"- `{state}`: {meanings[state.name]}" for state in states if state.name in meanings]
    diagram = "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])
    return f"## {workflow.name} (`{app}`)\n\n{diagram}\n" + ("\n" + "\n".join(told) + "\n" if told else "")


def _places(state: StrEnum, event: StrEnum) -> tuple[int, int]:
    """Where state and event stand in their enums."""
    return list(type(state)).index(state), list(type(event)).index(event)


def _meanings(app: str, name: str) -> dict[str, str]:
    """Member name to the docstring below it."""
    tree = ast.parse((ROOT / app / "states.py").read_text(encoding="utf-8"))
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)
    found = {}
    for member, below in pairwise(body):
        if isinstance(member, ast.Assign) and isinstance(below, ast.Expr):
            found[ast.unparse(member.targets[0])] = " ".join(str(ast.literal_eval(below.value)).split())
    return found
