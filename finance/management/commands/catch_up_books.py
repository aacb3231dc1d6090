"""``manage.py catch_up_books``: post what is not in the books yet, and say what does not agree."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from billing.models import Bill
from finance.operations.books.catching_up import catch_up
from finance.queries.agreement import disagreements
from kernel import clock


class Command(BaseCommand):
    """Every bill in a transaction of its own; running it twice adds nothing."""

    help = "Post what is not in the books yet, and say what does not agree."

    def add_arguments(self, parser: CommandParser) -> None:
        """Only looking, or some bills."""
        parser.add_argument("numbers", nargs="*", help="numbers of bills; all without any")
        parser.add_argument("--look", action="store_true", help="post nothing, only say what does not agree")

    def handle(self, *args: Any, **options: Any) -> None:
        """Bill by bill, the oldest first."""
        bills = Bill.objects.filter(reverses__isnull=True).select_related("encounter").order_by("pk")
        if options["numbers"]:
            bills = bills.filter(number__in=options["numbers"])
        wrong = looked_at = 0
        for bill in bills.iterator(chunk_size=500):
            if not options["look"]:
                catch_up(bill_id=bill.pk, at=clock.now())
            found = disagreements(bill)
            looked_at, wrong = looked_at + 1, wrong + bool(found)
            for each in found:
                self.stdout.write(f"{bill.number}: {each.what} is {each.books} instead of {each.should_be}")
        self.stdout.write(f"{looked_at} bills, {wrong} do not agree")
