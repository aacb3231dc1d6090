"""Pages of ``docs/`` that are printed from the program, so that they cannot say anything else."""

import ast
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

ROOT = Path(settings.BASE_DIR)


class PrintPage(BaseCommand):
    """Print a page, or write it where it belongs with ``--write``."""

    page_path = ""
    """Path of the page below the root."""
    requires_system_checks = ()

    def page(self) -> str:
        """The whole page, ending in a newline."""
        raise NotImplementedError

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One flag."""
        parser.add_argument(
            "--write", action="store_true", help=f"write {self.page_path} instead of printing"
        )

    def handle(self, **options: Any) -> None:
        """Print or write."""
        if options["write"]:
            (ROOT / self.page_path).write_text(self.page(), encoding="utf-8")
        else:
            self.stdout.write(self.page(), ending="")


@dataclass(frozen=True, slots=True)
class Module:
    """One parsed source file of an app."""

    app: str
    path: str
    """Below the root."""
    tree: ast.Module

    def calls_of(self, name: str) -> Iterator[ast.Call]:
        """Where something of this name is called, bare or behind a dot."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and name in {
                getattr(node.func, "id", ""),
                getattr(node.func, "attr", ""),
            }:
                yield node


@cache
def modules_of(app: str) -> list[Module]:
    """The app's source files in the order of their paths, without migrations and demonstration records."""
    return [
        Module(app, str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted((ROOT / app).rglob("*.py"))
        if not {"migrations", "demo", "demo.py"} & set(path.parts)
    ]


def functions_of(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Its functions and methods."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def first_paragraph(docstring: str | None) -> str:
    """The first paragraph on one line; empty when there is no docstring."""
    return " ".join((docstring or "").split("\n\n")[0].split())
