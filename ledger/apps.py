"""The ledger app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    """Double-entry accounts: who owes whom how much, and why."""

    name = "ledger"
    verbose_name = _("Ledger")
