"""What refunds refuse."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import RulesBroken


class RefundRefused(RulesBroken):
    """Money does not go back this way."""

    code = "refund_refused"
    default_message = _("This refund is not possible.")
