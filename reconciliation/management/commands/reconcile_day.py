"""``manage.py reconcile_day``: compare one day now, here instead of in a worker, and say how it went."""

import sys
from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from kernel import clock
from kernel.errors import DomainError, refuse_if_any
from reconciliation.models import Comparison
from reconciliation.operations import opening, running
from reconciliation.queries.days import comparisons_between
from reconciliation.rules.kinds import Source
from reconciliation.rules.ordering import order_violations
from reconciliation.states import ComparisonState

DIFFERING, UNREACHED = 1, 2


class Command(BaseCommand):
    """Print one line for each source; exit 1 with open differences, 2 where there was no statement."""

    help = "Compare a day with the insurer, the payment channel and our own bills."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day, a source and an institution."""
        parser.add_argument("--day", type=date.fromisoformat, metavar="DAY", help="yesterday if left out")
        parser.add_argument("--source", choices=[source.value for source in Source], help="only this source")
        parser.add_argument(
            "--institution", metavar="CODE", help="only the insurer's day of this institution"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, print, and end with what is worst."""
        now = clock.now()
        day = options["day"] or clock.day_of(now) - timedelta(days=1)
        with override("en"):
            try:
                refuse_if_any(order_violations(day=day, today=clock.day_of(now), running_since=None, at=now))
            except DomainError as refusal:
                raise CommandError(str(refusal)) from refusal
            wanted = [each for each in opening.open_day(day) if _is_wanted(each, options)]
            if not wanted:
                raise CommandError("Nothing is compared for these options.")
            for each in wanted:
                running.run_comparison(comparison_id=each.pk, by=None, at=clock.now())
            ids = {each.pk for each in wanted}
            self._report([each for each in comparisons_between(day, day) if each.pk in ids])

    def _report(self, done: list[Comparison]) -> None:
        for each in done:
            self.stdout.write(_line(each))
        states = {each.state for each in done}
        if ComparisonState.DIFFERING in states:
            sys.exit(DIFFERING)
        if states & {ComparisonState.UNREACHED, ComparisonState.RUNNING}:
            sys.exit(UNREACHED)


def _is_wanted(comparison: Comparison, options: dict[str, Any]) -> bool:
    if options["source"] and comparison.source != options["source"]:
        return False
    code = comparison.institution.code if comparison.institution else None
    return not options["institution"] or code == options["institution"]


def _line(each: Comparison) -> str:
    whose = each.institution.code if each.institution else "all"
    theirs = "sums" if each.their_count is None else str(each.their_count)
    counts = f"ours {each.our_count}, theirs {theirs}, not closed {each.active_count}"  # type: ignore[attr-defined]  # annotated
    return f"{each.day} {each.source:<8} {whose:<13} {each.state:<10} {counts}  {each.failure}".rstrip()
