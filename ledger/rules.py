"""Accounts, the lines of a posting, and what makes them fit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation
from kernel.money import to_yuan


class Side(StrEnum):
    """The side of an account that grows in the usual course of business."""

    DEBIT = "debit"
    CREDIT = "credit"


class AccountKind(StrEnum):
    """What an account counts; party and category of its key say of whom and of what."""

    PATIENT_RECEIVABLE = "patient_receivable"
    INSURER_RECEIVABLE = "insurer_receivable"
    CHANNEL_CLEARING = "channel_clearing"
    BANK = "bank"
    REVENUE = "revenue"
    ONSITE_FEE = "onsite_fee"
    DELIVERY = "delivery"
    REFUND_PAYABLE = "refund_payable"
    INSTITUTION_PAYABLE = "institution_payable"
    PLATFORM = "platform"
    HOSPITAL_BORNE = "hospital_borne"
    CHANNEL_FEE = "channel_fee"
    DIFFERENCES = "differences"

    @property
    def normal_side(self) -> Side:
        """Debit for what is owed to us, held or spent; credit for what is earned or owed by us."""
        return Side.DEBIT if self in _DEBIT else Side.CREDIT


_DEBIT = {
    AccountKind.PATIENT_RECEIVABLE, AccountKind.INSURER_RECEIVABLE, AccountKind.CHANNEL_CLEARING, AccountKind.BANK,
    AccountKind.HOSPITAL_BORNE, AccountKind.CHANNEL_FEE, AccountKind.DIFFERENCES,
}  # fmt: skip


@dataclass(frozen=True, order=True, slots=True)
class AccountKey:
    """An account of one institution.

    Patients are never a party: accounts would grow with them. Whose a line is, the posting's subject says.
    """

    kind: AccountKind
    party: str = ""
    """The other side: a channel, a region that insures, the code of an institution; empty where there is but one."""
    category: str = ""
    """What for, e.g. the category of a revenue."""


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One line of a posting; ``amount`` in yuan, above zero a debit, below zero a credit, never zero."""

    account: AccountKey
    amount: Decimal


def line_violations(lines: Sequence[EntryLine]) -> Iterator[Violation]:
    """LG-01 to LG-03: a posting has lines, each of whole fen and not of nothing, and they balance.

    Source: double entry; that amounts are whole fen and that no line is of nothing is ours.
    """
    if len(lines) < 2 or any(line.amount == 0 for line in lines):
        yield Violation("LG-01", _("A posting has at least two lines, and none of nothing."))
    if any(line.amount != to_yuan(line.amount) for line in lines):
        yield Violation("LG-02", _("An entry is of whole fen."))
    if sum(line.amount for line in lines) != 0:
        yield Violation("LG-03", _("Debit and credit of a posting differ."))


def other_content() -> Violation:
    """LG-04: a key names one posting for ever; asked for again it must be the very same.

    Source: ours; a job may repeat, and must post neither twice nor differently.
    """
    return Violation("LG-04", _("Under this key something else is in the books."))


def not_pending() -> Violation:
    """LG-05: only an announced posting is confirmed or voided, and only once.

    Source: ours; an announcement that is used twice counts twice.
    """
    return Violation("LG-05", _("This posting is not pending any more."))


def not_reversible() -> Violation:
    """LG-06: only a posting that counts is reversed, and only once.

    Source: ours; what is wrong with a reversal is said by a posting of its own.
    """
    return Violation("LG-06", _("Only a posting that counts can be reversed, and only once."))


def closing_violations(*, day: date, today: date) -> Iterator[Violation]:
    """LG-07: the books of a day are closed when it has ended, not before.

    Source: ours; whatever happens later today belongs to today.
    """
    if day >= today:
        yield Violation("LG-07", _("The day has not ended. Its books can be closed tomorrow."))
