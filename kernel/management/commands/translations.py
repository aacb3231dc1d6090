"""``manage.py translations --collect | --check | --compile``: works without GNU gettext."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kernel import translating


class Command(BaseCommand):
    """Keep the Chinese catalogue complete."""

    help = "Collect, check or compile the Simplified Chinese messages."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One of three verbs."""
        parser.add_argument("--collect", action="store_true", help="collect messages into the catalogue")
        parser.add_argument("--check", action="store_true", help="fail when a message is not translated")
        parser.add_argument("--compile", action="store_true", help="write the .mo file")
        parser.add_argument("--pairs", type=Path, help="directory of JSON files: English message to Chinese")

    def handle(self, **options: Any) -> None:
        """Carry the verbs out, update first."""
        root, path = (
            Path(settings.BASE_DIR),
            Path(settings.LOCALE_PATHS[0], "zh_Hans", "LC_MESSAGES", "django.po"),
        )
        if options["collect"]:
            catalog = translating.updated(
                translating.read_catalog(path), translating.find_messages(root), _pairs(options["pairs"])
            )
            translating.write_catalog(catalog, path)
        if options["check"]:
            said = translating.problems(translating.read_catalog(path), list(translating.find_messages(root)))
            if said:
                raise CommandError("\n".join(said))
        if options["compile"]:
            translating.compile_catalog(path)


def _pairs(directory: Path | None) -> dict[str, str]:
    """All pairs of a directory."""
    pairs: dict[str, str] = {}
    for file in sorted(directory.glob("*.json")) if directory else []:
        pairs.update(json.loads(file.read_text(encoding="utf-8")))
    return pairs
