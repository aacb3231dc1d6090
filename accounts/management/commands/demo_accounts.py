"""Print the accounts of the demonstration, one of every role at least."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Role, User
from kernel.identifiers import grouped_mobile

# The user names that registry.demo makes; whoever else signs up in a demonstration is not listed.
DEMO_NAMES = r"^(admin|insurance|finance|regulator|doctor|pharmacist|nurse|patient-)\d\d$"
PASSWORD = "Xinglin-demo-2026"  # noqa: S105 - public on purpose


class Command(BaseCommand):
    """``manage.py demo_accounts [--language en]``."""

    help = "Print the accounts of the demonstration in a table."

    def add_arguments(self, parser: Any) -> None:
        """The language of the table."""
        parser.add_argument(
            "--language", choices=[code for code, _name in settings.LANGUAGES], default="zh-hans"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print who signs in where and how."""
        if not settings.IS_DEMO:
            raise CommandError("Only a demonstration has such accounts.")
        with override(options["language"]):
            self._print()

    def _print(self) -> None:
        rows = [(_("Role"), _("Name"), _("Sign in with"), _("Password"))]
        users = User.objects.filter(is_active=True, username__regex=DEMO_NAMES).order_by("pk")
        rows += [self._row(user) for user in users]
        widths = [max(_width(row[column]) for row in rows) for column in range(4)]
        for row in rows:
            cells = [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
            self.stdout.write("  ".join(cells).rstrip())

    def _row(self, user: User) -> tuple[str, str, str, str]:
        roles = "、".join(str(Role(role).label) for role in user.roles)
        if user.is_staff_member:
            return roles, user.display_name, user.username, PASSWORD
        return roles, user.display_name, grouped_mobile(user.mobile), _("code by text message")


def _width(text: str) -> int:
    """Columns in a terminal: a Chinese character takes two."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)
