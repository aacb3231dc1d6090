"""What import-linter cannot see: foreign keys, and what counts as pure."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
# Sentences for people are translated where they are written; that needs neither database nor request.
ALLOWED_IN_PURE_MODULES = {"django.utils.translation", "django.utils.functional"}
PURE_NAMES = ("rules", "states")
HEIGHT = {name: height for height, name in enumerate(settings.OWN_APPS)}
SIBLINGS = [{"insurance", "payments"}, {"pricing", "encounters"}]


def _pure_modules() -> Iterator[Path]:
    for app in settings.OWN_APPS:
        for name in PURE_NAMES:
            yield from (ROOT / app / f"{name}.py", *(ROOT / app / name).glob("**/*.py"))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize(
    "path", [path for path in _pure_modules() if path.exists()], ids=lambda path: str(path.relative_to(ROOT))
)
def test_rules_and_states_need_no_django(path: Path) -> None:
    from_django = {name for name in _imported(path) if name.split(".")[0] in {"django", "rest_framework"}}

    assert from_django <= ALLOWED_IN_PURE_MODULES


@pytest.mark.parametrize("app", settings.OWN_APPS)
def test_foreign_keys_point_down(app: str) -> None:
    upward = [
        f"{model.__name__}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model is not None
        if _points_up_or_sideways(app, field.related_model._meta.app_label)
    ]

    assert upward == []


def _points_up_or_sideways(app: str, target: str) -> bool:
    if target == app or target not in HEIGHT:
        return False
    if (app, target) == ("audit", "accounts"):
        return False  # who did it: Django names the user model in the settings, whatever app has it
    return HEIGHT[target] > HEIGHT[app] or any({app, target} <= pair for pair in SIBLINGS)
