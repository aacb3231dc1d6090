"""The product's source files, parsed once for all tests that read them."""

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]

Found = list[tuple[Path, ast.Call]]


@cache
def modules() -> list[tuple[Path, ast.Module]]:
    """Every file of the apps with its tree, without migrations."""
    return [
        (path, ast.parse(path.read_text(encoding="utf-8")))
        for name in settings.OWN_APPS
        for path in sorted((ROOT / name).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def calls(name: str) -> Found:
    """Where something of this name is called, bare or behind a dot."""
    return _calls_by_name()[name]


@cache
def words() -> list[tuple[Path, str]]:
    """Every text constant with the file it stands in."""
    return [
        (path, node.value)
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


@cache
def _calls_by_name() -> defaultdict[str, Found]:
    found: defaultdict[str, Found] = defaultdict(list)
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                found[last_name(node.func)].append((path, node))
    return found


def last_name(called: ast.Name | ast.Attribute) -> str:
    """``publish`` of ``publish`` and of ``events.publish``."""
    return called.attr if isinstance(called, ast.Attribute) else called.id
