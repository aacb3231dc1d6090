"""The finance app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FinanceConfig(AppConfig):
    """The books: what each event posts, the cashier's day, statements and payouts."""

    name = "finance"
    verbose_name = _("Finance")

    def ready(self) -> None:
        """Listen to every event of money."""
        from finance import subscribers  # noqa: F401, PLC0415 - registers on import
