"""What checkout refuses."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class PaymentTimeOver(DomainError):
    """The time to pay is over."""

    code = "payment_time_over"
    default_message = _("The time to pay is over and the place was given back. Please book again.")


class NotPayableNow(DomainError):
    """The bill is not waiting for her payment."""

    code = "not_payable_now"
    default_message = _("This bill is not waiting for payment. The page shows where it stands.")
