"""``manage.py issue_receipts --since 2026-01-01``: receipts of bills from before there were receipts."""

from datetime import date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from kernel import clock
from receipts.operations import missing

TOLD_EVERY = 100


def _day(text: str) -> datetime:
    """The first moment of a day in Asia/Shanghai."""
    return timezone.make_aware(datetime.combine(date.fromisoformat(text), time()))


class Command(BaseCommand):
    """Each document in a transaction of its own; running it twice issues nothing twice."""

    help = "Issue the receipts and refund certificates that are missing of bills paid since a day."

    def add_arguments(self, parser: CommandParser) -> None:
        """Since when, and whether to look only."""
        parser.add_argument("--since", type=_day, required=True, help="day, e.g. 2026-01-01")
        parser.add_argument(
            "--look", action="store_true", help="issue nothing, only say how many are missing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """The oldest first."""
        now = clock.now()
        tasks = list(missing(options["since"], now, at=now))
        if options["look"]:
            self.stdout.write(f"{len(tasks)} documents are missing")
            return
        failed = 0
        for number, task in enumerate(tasks, start=1):
            failed += not task.is_done()
            if number % TOLD_EVERY == 0:
                self.stdout.write(f"{number} of {len(tasks)}")
        self.stdout.write(f"{len(tasks) - failed} documents issued")
        if failed:
            raise CommandError(f"{failed} failed; the log says why. Run it again when that is mended.")
