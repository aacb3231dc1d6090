"""What a channel hands over to the bank (FN-30 to FN-32); pure."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation


def transfer_violations(
    *, gross: Decimal, fee: Decimal, held: Decimal, on: date, today: date
) -> Iterator[Violation]:
    """FN-30, FN-31, FN-32: a transfer is of money that the channel holds, and is entered when it has arrived. Yuan."""
    if not 0 <= fee < gross:
        yield _impossible_fee()
    if gross > held:
        yield _more_than_held()
    if on > today:
        yield not_yet_violation()


def _impossible_fee() -> Violation:
    """FN-30: the channel keeps less than it hands over.

    Source: ours.
    """
    return Violation(
        "FN-30",
        _("The fee is not below zero and less than the amount."),
        _("Both stand on the channel's statement."),
        field="fee",
    )


def _more_than_held() -> Violation:
    """FN-31: a channel hands over what it holds, never more.

    Source: ours; more would be somebody else's money, or was entered before.
    """
    return Violation(
        "FN-31",
        _("By the books the channel holds less than this."),
        _("Please look whether the transfer was entered before."),
        field="gross",
    )


def not_yet_violation() -> Violation:
    """FN-32: a transfer is entered when it has arrived.

    Source: ours.
    """
    return Violation(
        "FN-32", _("This day is still to come."), _("Please give the day on the bank statement."), field="on"
    )
