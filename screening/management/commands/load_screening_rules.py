"""``manage.py load_screening_rules``: the audit rules that are shipped."""

from typing import Any

from django.core.management.base import BaseCommand

from kernel import clock
from screening import operations


class Command(BaseCommand):
    """Add the rules that are not there yet."""

    help = "Load the audit rules that are shipped; rules that are there stay as they are."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say how many were added."""
        added = operations.load_rules(rules=operations.rows_in_files(), by=None, at=clock.now())
        self.stdout.write(f"{added} rules added")
