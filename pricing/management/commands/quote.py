"""``manage.py quote [FILE]``: a quote as JSON, from a question as JSON."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from kernel import clock
from kernel.errors import DomainError
from kernel.problems import problem_of
from pricing.queries.answering import answered
from pricing.rules.canonical import canonical_text, facts_text
from pricing.rules.decoding import NotJson
from pricing.rules.wire import quote_document, read_request

_REFUSED = 2
_NOT_READABLE = 64  # as sysexits.h has it


class Command(BaseCommand):
    """Print the quote; on a refusal a problem document and exit code 2, on broken JSON the place and 64."""

    help = (
        "Price lines: JSON in, JSON out (see docs/integrations/quotes.md). Refused: exit code 2; no JSON: 64."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and the language of refusals."""
        parser.add_argument(
            "file", nargs="?", default="-", metavar="FILE", help="- or nothing for standard input"
        )
        parser.add_argument("--facts", action="store_true", help="print the context and the facts as well")
        parser.add_argument(
            "--language", default=settings.LANGUAGE_CODE, choices=[code for code, _name in settings.LANGUAGES]
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, price, print."""
        name = str(options["file"])
        with translation.override(str(options["language"])):
            try:
                self._print(self._answer(_text(name), with_facts=bool(options["facts"])))
            except NotJson as fault:
                raise CommandError(f"{name}: {fault}", returncode=_NOT_READABLE) from fault
            except DomainError as refusal:
                self._refuse(refusal)

    def _answer(self, text: str, *, with_facts: bool) -> dict[str, Any]:
        found = answered(read_request(text), today=clock.day_of(clock.now()))
        document = quote_document(found.lines, found.context, found.facts, found.quote)
        if with_facts:
            document["context"] = json.loads(canonical_text(found.context))
            document["facts"] = json.loads(facts_text(found.facts))
        return document

    def _refuse(self, refusal: DomainError) -> NoReturn:
        self._print(problem_of(refusal, status=422))
        sys.exit(_REFUSED)

    def _print(self, document: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))


def _text(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise CommandError(f"{name}: cannot be read ({fault})", returncode=_NOT_READABLE) from fault
