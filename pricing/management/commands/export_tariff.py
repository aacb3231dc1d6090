"""``manage.py export_tariff NUMBER…``: documents as files that load again to the same."""

import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel.errors import DomainError
from pricing.queries.exporting import exported


class Command(BaseCommand):
    """Print one document, or write several into a directory."""

    help = (
        "Export tariff documents. YAML and JSON say what the document says, in the format of docs/tariff-format.md; "
        "CSV has the prices that are known now, in the columns that the price office imports."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the numbers, the format and where to."""
        parser.add_argument("numbers", nargs="+", metavar="NUMBER")
        parser.add_argument("--format", choices=["yaml", "json", "csv"], default="yaml")
        parser.add_argument("--into", type=Path, metavar="DIRECTORY", help="write a file for each document")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print or write; a number that is not known ends with exit code 2, and nothing is written."""
        numbers, form, into = options["numbers"], options["format"], options["into"]
        if len(numbers) > 1 and into is None:
            raise CommandError("Several documents are several files: say --into DIRECTORY.", returncode=2)
        try:
            texts = exported(numbers, form=form)
        except DomainError as refusal:
            told = "\n".join(str(violation.message) for violation in refusal.violations)
            raise CommandError(told, returncode=2) from refusal
        for number, text in texts.items():
            if into is None:
                self.stdout.write(text, ending="")
            else:
                self.stdout.write(str(_written(into, number, form, text)))


def _written(into: Path, number: str, form: str, text: str) -> Path:
    into.mkdir(parents=True, exist_ok=True)
    path = into / f"{re.sub(r'[^0-9A-Za-z一-鿿-]+', '-', number).strip('-')}.{form}"
    path.write_text(text, encoding="utf-8")
    return path
