"""Money that the insurance transfers for a month (FN-40 to FN-45); pure. Amounts are yuan."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from finance.rules.days import SHORTEST_REASON
from finance.rules.transfers import not_yet_violation
from kernel.errors import Violation
from kernel.money import ZERO, allocate

OWED, FINAL = "owed", "final"
"""What becomes of a difference; values of ``finance.models.Rest``."""

Account = tuple[str, str]
"""Region and payer of what the insurance owes: ``("330100", "fund")``."""

MonthsAccount = tuple[date, str, str]
"""First day of the month of settlement, region and payer."""

_Owing = TypeVar("_Owing", Account, MonthsAccount)


@dataclass(frozen=True, slots=True)
class Arrived:
    """What stands on the bank's statement, and what a person says about it."""

    amount: Decimal
    on: date
    rest: str
    explanation: str
    has_open: bool
    """Another transfer of the agency for the month waits for a second person."""
    is_known: bool
    """The number at the bank was entered before."""


def entering_violations(said: Arrived, *, owed: Decimal, today: date) -> Iterator[Violation]:
    """FN-40 to FN-44 and FN-32, as they apply to what arrived for a month.

    ``owed`` is what is still to come of it, less what other months are below zero.
    """
    if owed <= 0:
        yield _nothing_owed()
    if said.has_open or said.is_known:
        yield _entered_before(is_known=said.is_known)
    if said.amount <= 0:
        yield _nothing_arrived()
    if said.on > today:
        yield not_yet_violation()
    if said.amount != owed:
        yield from _difference_violations(said, owed)


def _nothing_owed() -> Violation:
    """FN-40: what arrives is for settlements of the month that the books know of.

    What other months are below zero is deducted from it.

    Source: ours; money without settlements belongs to another month, agency or institution.
    """
    return Violation(
        "FN-40", _("By the records this agency owes nothing for this month."),
        _("Please look at the months that are owed."), field="month",
    )  # fmt: skip


def _entered_before(*, is_known: bool) -> Violation:
    """FN-41: a transfer is entered once, and the one before for the same month is booked or withdrawn first.

    Source: ours; the same money must not count twice.
    """
    way_on = _("Please look at the list.")
    if is_known:
        return Violation("FN-41", _("This number at the bank was entered before."), way_on, field="reference")
    text = _("Another transfer for this month waits for a second person.")
    return Violation("FN-41", text, way_on, field="month")


def _nothing_arrived() -> Violation:
    """FN-42: a transfer is of more than zero.

    Source: ours; what the insurance takes back it takes from a later transfer.
    """
    return Violation(
        "FN-42", _("The amount is more than zero."), _("It stands on the bank statement."), field="amount"
    )


def _difference_violations(said: Arrived, owed: Decimal) -> Iterator[Violation]:
    """FN-43: what differs from what was owed is explained; FN-44: more than was owed is not owed any longer.

    Source: ours, of the monthly clearing as known in general: agencies keep a part back until the year is assessed, and
    deduct what they refuse.
    """
    if said.rest not in (OWED, FINAL) or len(said.explanation.strip()) < SHORTEST_REASON:
        text = _("It is not the amount that is owed: %(owed)s. The difference is explained.") % {"owed": owed}
        way_on = _("Please choose what becomes of the difference, and write why.")
        field = "explanation" if said.rest in (OWED, FINAL) else "rest"
        yield Violation("FN-43", text, way_on, field=field)
    if said.rest == OWED and said.amount > owed:
        more = _("More arrived than is owed, so nothing of it is still owed.")
        yield Violation("FN-44", more, _("Please choose another answer."), field="rest")


def booking_violations(*, entered_by: int, by: int) -> Iterator[Violation]:
    """FN-45: what one person has entered a second one books.

    Source: ours; nobody alone declares what the insurance owes no more.
    """
    if entered_by == by:
        text = _("You have entered this transfer yourself.")
        yield Violation("FN-45", text, _("A colleague compares it with the bank statement and books it."))


def settled_with(
    amount: Decimal,
    own: Mapping[Account, Decimal],
    taken_back: Mapping[date, Mapping[Account, Decimal]],
    *,
    month: date,
) -> dict[MonthsAccount, Decimal]:
    """What a transfer is for: its month, less what other months are below zero.

    A transfer of exactly what the month owes is for that month alone: nothing was deducted from it.

    Args:
        amount: that arrived.
        own: what the month owes, by account.
        taken_back: months below zero that may be deducted, by account.
        month: its first day.
    """
    counted = {month: own}
    if amount != sum(own.values(), ZERO):
        counted |= taken_back
    return {
        (each, *account): held
        for each, accounts in sorted(counted.items())
        for account, held in accounts.items()
    }


def paid_of(amount: Decimal, owed: Mapping[_Owing, Decimal], *, rest: str) -> dict[_Owing, Decimal]:
    """What of each account is paid by a transfer.

    What is final settles every account in full, the difference is written off. What is still owed stays on the accounts
    that are owed something, in proportion, exact to the fen.

    Args:
        amount: that arrived.
        owed: by account; summing to more than zero. Below zero: more was taken back in the month than settled.
        rest: ``OWED``, ``FINAL`` or empty.
    """
    missing = sum(owed.values(), ZERO) - amount if rest == OWED else ZERO
    bearing = [account for account, held in owed.items() if held > 0]
    kept = dict(zip(bearing, allocate(missing, [owed[each] for each in bearing]), strict=True))
    return {account: held - kept.get(account, ZERO) for account, held in owed.items()}
