"""What the ledger refuses."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class LedgerRefused(DomainError):
    """A posting that the books cannot take; ``violations`` names every rule."""

    code = "ledger_refused"
    default_message = _("The books cannot take this entry.")
