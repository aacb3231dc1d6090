"""``manage.py check_tariffs``: what is not in order in the tariffs that are loaded."""

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from dataclasses import asdict
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from kernel import clock
from pricing.queries.proof import Finding, Severity, tariff_findings


class Command(BaseCommand):
    """Print every finding; exit code 1 when something is wrong."""

    help = (
        "Look for gaps, overlaps, missing sources, online re-diagnoses that cost something else than the outpatient "
        "visit, faulty bands, prices beyond a limit, ended trials and items without a price."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the regions, the day and the form."""
        parser.add_argument(
            "--region", action="append", metavar="CODE", help="only this region; may be repeated"
        )
        parser.add_argument(
            "--on", type=date.fromisoformat, metavar="DAY", help="the day it is; today if left out"
        )
        parser.add_argument("--json", action="store_true", help="print a JSON document, in both languages")
        parser.add_argument(
            "--language", default=settings.LANGUAGE_CODE, choices=[code for code, _name in settings.LANGUAGES]
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, print, and end with 1 when something is wrong."""
        on = options["on"] or clock.day_of(clock.now())
        found = tariff_findings(on=on, regions=options["region"])
        self.stdout.write(_document(found, on) if options["json"] else _table(found, options["language"]))
        if any(each.severity is Severity.WRONG for each in found):
            sys.exit(1)


def _table(found: list[Finding], language: str) -> str:
    """One line for each, what is wrong first, and a sum at the end."""
    order = list(Severity)
    chinese = language.startswith("zh")
    lines = [
        f"{each.severity:<12} {each.kind:<16} {each.region_code}  {each.item_code:<16} "
        f"{each.text if chinese else each.text_en}"
        for each in sorted(found, key=lambda each: order.index(each.severity))
    ]
    count = Counter(each.severity for each in found)
    return "\n".join([*lines, ", ".join(f"{severity}: {count[severity]}" for severity in order)])


def _document(found: list[Finding], on: date) -> str:
    content = {"on": on.isoformat(), "findings": [_plain(each) for each in found]}
    return json.dumps(content, ensure_ascii=False, indent=2)


def _plain(finding: Finding) -> dict[str, Any]:
    days = finding.days
    until = days.end.isoformat() if days and days.end else None
    period = {"from": days.begin.isoformat(), "until": until} if days else None
    return {**asdict(finding), "days": period}
