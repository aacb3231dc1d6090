"""``manage.py check_ledger``: whether the books are whole, and what was announced long ago and never resolved."""

import sys
from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand

from kernel import clock
from ledger.models import Account, Posting
from ledger.queries import closed_through, pending_postings, trial_balance
from ledger.queries.checking import faults_of
from registry.models import Institution

FAULTY, OLD = 1, 2


class Command(BaseCommand):
    """Print one line for each institution and each fault; exit 1 with faults, 2 with old announcements."""

    help = "Check that the books of all institutions balance and that their snapshots are right."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the age from which an announcement is old."""
        parser.add_argument(
            "--pending-days", type=int, default=7, metavar="DAYS", help="an announcement is old after (7)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, print, and end with what is worst."""
        books = Institution.objects.filter(pk__in=Account.objects.values("institution_id")).order_by("pk")
        wrong = [institution for institution in books if self._check(institution)]
        at = clock.now()
        old = pending_postings().filter(at__lt=at - timedelta(days=options["pending_days"]))
        for posting in old:
            self.stdout.write(_pending_line(posting, at))
        if wrong:
            sys.exit(FAULTY)
        if old:
            sys.exit(OLD)

    def _check(self, institution: Institution) -> bool:
        """Say how the books of one stand; whether something is wrong."""
        faults = list(faults_of(institution.pk))
        rows = trial_balance(institution.pk, through=None)
        total = sum(row.balance for row in rows)
        postings = Posting.objects.filter(institution=institution).count()
        state = "wrong" if faults or total else "right"
        closed = closed_through(institution.pk)
        self.stdout.write(
            f"{institution.code} {state}: {postings} postings, {len(rows)} accounts, sum {total:.2f}, closed {closed}"
        )
        for fault in faults:
            self.stdout.write(f"  {fault.kind}: {fault.where}, {fault.found}, expected {fault.expected}")
        return state == "wrong"


def _pending_line(posting: Posting, at: datetime) -> str:
    return f"pending for {(at - posting.at).days} days: {posting.key} ({posting.subject})"
