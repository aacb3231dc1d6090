"""What is compared, and how two sides can differ."""

from enum import StrEnum
from typing import Self

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Worded(StrEnum):
    """A fixed list whose members carry the words that people read."""

    label: Promise | str

    def __new__(cls, value: str, label: Promise | str = "") -> Self:
        """A member is its value; ``label`` stands beside it."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


def choices_of(kind: type[Worded]) -> list[tuple[str, Promise | str]]:
    """Value and words of each member, for a column or a field."""
    return [(member.value, member.label) for member in kind]


class Source(Worded):
    """Whose word stands beside ours."""

    INSURER = "insurer", _("insurer")
    CHANNEL = "channel", _("WeChat Pay")
    ALIPAY = "alipay", _("Alipay")
    BOOKS = "books", _("bills and money")


CHANNELS = (Source.CHANNEL, Source.ALIPAY)
"""Sources that are payment channels: they know only whole amounts."""


class Kind(Worded):
    """How the two sides differ."""

    ONLY_US = "only_us", _("only with us")
    ONLY_THEM = "only_them", _("only with them")
    AMOUNT = "amount", _("amount")
    STATUS = "status", _("status")
    UNKNOWN = "unknown", _("outcome unknown")


class Subject(Worded):
    """What the two sides speak of."""

    SETTLEMENT = "settlement", _("settlement")
    REVERSAL = "reversal", _("reversal")
    PAYMENT = "payment", _("payment")
    REFUND = "refund", _("refund")
    BILL = "bill", _("bill")
