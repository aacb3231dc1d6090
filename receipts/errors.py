"""What receipts refuse."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class ReceiptRefused(DomainError):
    """A rule for receipts is broken."""

    code = "receipt_refused"


class CannotSign(DomainError):
    """The key or the certificate of this installation is missing or does not fit."""

    code = "cannot_sign"
    default_message = _("Documents cannot be made just now. Please try again later, or call us.")
