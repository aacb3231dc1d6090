"""A province of a test's own."""

from pathlib import Path

from pytest_django import Settings

NAME = "demonstration.yaml"


def own_province(settings: Settings, home: Path, **values: object) -> None:
    """The demonstration's province, where these values differ."""
    lines = "".join(f"  {name}: {{value: {value}, grade: own}}\n" for name, value in values.items())
    (home / NAME).write_text(f"name: 演示\nextends: national\nregions: ['33']\nvalues:\n{lines}", "utf-8")
    settings.INSURANCE_PROFILES_DIR = str(home)
