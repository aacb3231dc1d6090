"""What may be paid to another institution, and by whom (FN-20 to FN-24); pure."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from finance.rules.days import SHORTEST_REASON, reason_violation
from kernel.errors import Violation


def drafting_violations(*, owed: Decimal, has_open: bool, through: date, today: date) -> Iterator[Violation]:
    """FN-20, FN-21, FN-22: what the books owe through an ended day is drafted, once at a time; ``owed`` in yuan."""
    if through >= today:
        yield _not_ended()
    if has_open:
        yield _under_way()
    elif owed <= 0:
        yield _nothing_owed()


def _nothing_owed() -> Violation:
    """FN-20: only what the books owe is paid out.

    Source: ours; the share of the other institution is booked when its service is paid.
    """
    return Violation("FN-20", _("The books owe this institution nothing."), _("Please choose a later day."))


def _under_way() -> Violation:
    """FN-21: between two institutions one payout is under way at a time.

    Source: ours; two would pay the same debt twice.
    """
    return Violation(
        "FN-21", _("A payout to this institution is under way."), _("Please pay or cancel it first.")
    )


def _not_ended() -> Violation:
    """FN-22: a payout is for days that have ended.

    Source: ours; the sum of today still changes.
    """
    return Violation(
        "FN-22", _("This day has not ended."), _("Please choose yesterday or earlier."), field="through"
    )


def approving_violations(*, drafted_by: int, by: int, amount: Decimal, owed: Decimal) -> Iterator[Violation]:
    """FN-23: a second person approves what one has drafted; yuan.

    Source: ours, as for every payment that leaves the house: two persons.
    """
    if drafted_by == by:
        yield Violation(
            "FN-23", _("You have drafted this payout yourself."), _("Please ask a colleague to approve it.")
        )
    yield from amount_violations(amount=amount, owed=owed)


def amount_violations(*, amount: Decimal, owed: Decimal) -> Iterator[Violation]:
    """FN-24: no more is paid than the books owe at that moment; a share taken back meanwhile counts. Yuan.

    Source: ours.
    """
    if amount > owed:
        yield Violation(
            "FN-24",
            _("The books owe less by now than this payout says."),
            _("Please cancel it and draft another one."),
        )


def paying_violations(*, reference: str, paid_on: date, drafted_on: date, today: date) -> Iterator[Violation]:
    """FN-25, FN-26: what the bank has paid is named by the bank's number and its day."""
    if len(reference.strip()) < SHORTEST_REASON:
        yield _no_reference()
    if not drafted_on <= paid_on <= today:
        yield _no_such_day()


def _no_reference() -> Violation:
    """FN-25: what the bank has paid is named by the bank's number.

    Source: ours; what was done outside can only be found again by its number.
    """
    return Violation(
        "FN-25",
        _("The bank's number is needed."),
        _("It stands on the receipt of the transfer."),
        field="reference",
    )


def _no_such_day() -> Violation:
    """FN-26: the bank pays between the drafting and today.

    Source: ours.
    """
    return Violation(
        "FN-26",
        _("The bank cannot have paid on this day."),
        _("Please give a day from the drafting to today."),
        field="paid_on",
    )


def cancelling_violations(*, reason: str) -> Iterator[Violation]:
    """FN-14: what is cancelled says why."""
    if len(reason.strip()) < SHORTEST_REASON:
        yield reason_violation()
