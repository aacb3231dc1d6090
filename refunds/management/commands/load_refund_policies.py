"""``manage.py load_refund_policies``: refund policies of the hospital's own, from a file or from what is shipped."""

from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel import clock
from refunds.operations.loading import load_policies
from refunds.queries.policies import FILE, policies_in


class Command(BaseCommand):
    """A row takes the place of the shipped policy; running it twice writes nothing twice."""

    help = "Write refund policies into the table; without a file those that are shipped, to be changed there."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which file, and what becomes of rows that are there."""
        parser.add_argument(
            "file", nargs="?", type=Path, default=FILE, help="like refunds/catalogue/policies.yaml"
        )
        parser.add_argument("--replace", action="store_true", help="write over rows that are there")

    def handle(self, *args: Any, **options: Any) -> None:
        """All of the file or nothing."""
        try:
            policies = policies_in(options["file"])
            written = load_policies(policies=policies, replace=options["replace"], by=None, at=clock.now())
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        except (ValueError, KeyError, TypeError, yaml.YAMLError, ValidationError) as error:
            raise CommandError(f"{options['file']} is no file of policies: {error}") from error
        self.stdout.write(f"{written} policies written")
