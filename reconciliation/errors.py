"""What reconciliation refuses, and why a statement could not be had."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class CommandRefused(DomainError):
    """An act that the state of a difference or of a day does not allow; ``violations`` names every rule."""

    code = "reconciliation_refused"
    default_message = _("This is not possible now. Please look at the current state and go on from there.")


class StatementMissing(Exception):
    """The other side gave no statement, or one that cannot be believed; ``str`` says why, for staff."""
