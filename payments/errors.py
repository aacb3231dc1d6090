"""What payments refuses."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class OrderNotPossible(DomainError):
    """This cannot be paid like that."""

    code = "order_not_possible"
    default_message = _("This cannot be paid like that.")


class RefundNotPossible(DomainError):
    """This cannot be given back like that."""

    code = "refund_not_possible"
    default_message = _("This cannot be given back like that.")


class DeskNotPossible(DomainError):
    """A person of the office cannot do this now."""

    code = "payment_desk_not_possible"
