"""What is compared, and how two sides can differ."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Source(TextChoices):
    """Whose word stands beside ours."""

    INSURER = "insurer", _("insurer")
    CHANNEL = "channel", _("WeChat Pay")
    BOOKS = "books", _("bills and money")


class Kind(TextChoices):
    """How the two sides differ."""

    ONLY_US = "only_us", _("only with us")
    ONLY_THEM = "only_them", _("only with them")
    AMOUNT = "amount", _("amount")
    STATUS = "status", _("status")
    UNKNOWN = "unknown", _("outcome unknown")


class Subject(TextChoices):
    """What the two sides speak of."""

    SETTLEMENT = "settlement", _("settlement")
    REVERSAL = "reversal", _("reversal")
    PAYMENT = "payment", _("payment")
    REFUND = "refund", _("refund")
    BILL = "bill", _("bill")
