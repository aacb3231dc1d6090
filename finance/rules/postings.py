"""What each event of money does to the books: plain facts in, the lines of a posting out; pure.

Amounts are yuan. A line above zero is a debit, below zero a credit; the lines of an event always sum to zero. What is of
nothing is left out, so an event that moves nothing has no lines. ``docs/algorithms/money.md`` shows each as a table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from billing.rules import Parts
from kernel.money import ZERO
from ledger.rules import AccountKey, AccountKind, EntryLine
from pricing.rules.sharing import AgreementFact, share

Amounts = Mapping[AccountKey, Decimal]


class Kind(StrEnum):
    """What a posting tells of."""

    BILL_OPENED = "bill_opened"
    HOSPITAL_BEARS = "hospital_bears"
    REMOTE_SHARED = "remote_shared"
    SHARE_RECEIVED = "share_received"
    INSURER_SETTLED = "insurer_settled"
    INSURER_REVERSED = "insurer_reversed"
    LINES_RETURNED = "lines_returned"
    BILL_GIVEN_BACK = "bill_given_back"
    OVERCHARGE_FOUND = "overcharge_found"
    REFUND_REQUESTED = "refund_requested"
    REFUND_DONE = "refund_done"
    REFUND_FAILED = "refund_failed"
    PAID_BACK_BY_OFFICE = "paid_back_by_office"
    CHANNEL_PAID_OUT = "channel_paid_out"
    INSURER_PAID_OUT = "insurer_paid_out"
    PAYOUT_PAID = "payout_paid"
    DIFFERENCE_BOOKED = "difference_booked"


PATIENT = AccountKey(AccountKind.PATIENT_RECEIVABLE)
REFUNDS = AccountKey(AccountKind.REFUND_PAYABLE)
BANK = AccountKey(AccountKind.BANK)
BORNE = AccountKey(AccountKind.HOSPITAL_BORNE)
DIFFERENCES = AccountKey(AccountKind.DIFFERENCES)

_OWN_ACCOUNTS = {"onsite_fee": AccountKind.ONSITE_FEE, "delivery": AccountKind.DELIVERY}
"""Categories of items whose money is kept apart from revenue of care; values of ``pricing.models.Category``."""

EARNING = (AccountKind.REVENUE, *_OWN_ACCOUNTS.values())
"""Where what was charged counts."""


def earning_account(category: str, charge_type: str) -> AccountKey:
    """Where a charged line counts: on-site fee and delivery by themselves, else revenue by the insurer's dictionary.

    Args:
        category: of the item, a value of ``pricing.models.Category``.
        charge_type: of the item, a value of ``pricing.models.ChargeType`` (med_chrgitm_type).

    Source: the on-site fee is no medical service price and set by the market (SEED1); the accounts are ours.
    """
    if kind := _OWN_ACCOUNTS.get(category):
        return AccountKey(kind)
    return AccountKey(AccountKind.REVENUE, category=charge_type)


def insurer(region: str, payer: str) -> AccountKey:
    """What the insurance of a region (GB/T 2260) owes from ``fund``, ``account`` or ``family``."""
    return AccountKey(AccountKind.INSURER_RECEIVABLE, party=region, category=payer)


def clearing(channel: str) -> AccountKey:
    """What a payment channel holds for us."""
    return AccountKey(AccountKind.CHANNEL_CLEARING, party=channel)


def charged(earned: Amounts) -> list[EntryLine]:
    """A bill is opened (announced), and paid (counts): she owes what is earned."""
    return _balanced({account: -amount for account, amount in earned.items()}, PATIENT)


def hospital_bears(amount: Decimal) -> list[EntryLine]:
    """The hospital pays part of a bill itself."""
    return _balanced({BORNE: amount}, PATIENT)


def received(channel: str, amount: Decimal) -> list[EntryLine]:
    """Her share is in, in time or late: the channel holds it."""
    return _balanced({clearing(channel): amount}, PATIENT)


def insurer_says(region: str, parts: Parts) -> list[EntryLine]:
    """The insurer has settled, or (with negative parts) taken a settlement back."""
    owed = {
        insurer(region, "fund"): parts.fund,
        insurer(region, "account"): parts.account,
        insurer(region, "family"): parts.family,
    }
    return _balanced(owed, PATIENT)


def given_back(earned: Amounts, borne: Decimal) -> list[EntryLine]:
    """Lines, or all that stood of a bill, are not charged any more.

    ``earned`` and ``borne`` are what goes back, positive.
    """
    return _balanced({**earned, BORNE: -borne}, PATIENT)


def refund_requested(amount: Decimal) -> list[EntryLine]:
    """Her money is to go back: from now on we owe it."""
    return _balanced({REFUNDS: -amount}, PATIENT)


def refund_failed(amount: Decimal) -> list[EntryLine]:
    """The channel could not: no refund is under way any more, her balance shows what she is owed."""
    return _balanced({REFUNDS: amount}, PATIENT)


def refund_done(channel: str, amount: Decimal) -> list[EntryLine]:
    """The channel has given it back."""
    return _balanced({clearing(channel): -amount}, REFUNDS)


def paid_back_by_office(amount: Decimal) -> list[EntryLine]:
    """The money office has given her money back by another way than the channel."""
    return _balanced({BANK: -amount}, PATIENT)


@dataclass(frozen=True, slots=True)
class Shared:
    """Who else has a share of what was earned by a remote service; the accounts of the invited and of the platform."""

    invited: AccountKey
    platform: AccountKey
    agreement: AgreementFact

    def owed(self, total: Decimal) -> dict[AccountKey, Decimal]:
        """Yuan of each when ``total`` was earned."""
        shares = share(total, self.agreement)
        return {self.invited: shares.invited, self.platform: shares.platform}


def shared_with(invited_code: str, agreement: AgreementFact) -> Shared:
    """The parties of an agreement; ``invited_code`` is the institution's insurance code."""
    return Shared(
        AccountKey(AccountKind.INSTITUTION_PAYABLE, party=invited_code),
        AccountKey(AccountKind.PLATFORM, party=agreement.platform_name),
        agreement,
    )


def remote_shared(earning: AccountKey, shared: Shared, *, before: Decimal, now: Decimal) -> list[EntryLine]:
    """What the other parties are owed when ``now`` yuan of the service stand where ``before`` stood.

    Shares are those of the whole, less those of the whole before: however often lines go back, nobody loses a fen.
    """
    owed, was = shared.owed(now), shared.owed(before)
    return _balanced({account: was[account] - amount for account, amount in owed.items()}, earning)


def shared_no_more(moved: Amounts) -> list[EntryLine]:
    """Nothing of the service stands: what the books have moved for its parties, whatever an agreement says by now."""
    return without_nothing([EntryLine(account, -amount) for account, amount in moved.items()])


def channel_paid_out(channel: str, *, gross: Decimal, fee: Decimal) -> list[EntryLine]:
    """The channel transfers what it held to the bank and keeps its fee."""
    kept = AccountKey(AccountKind.CHANNEL_FEE, party=channel)
    return _balanced({BANK: gross - fee, kept: fee}, clearing(channel))


def insurer_paid_out(arrived: Decimal, paid: Amounts) -> list[EntryLine]:
    """The insurance has transferred ``arrived``, which settles ``paid`` of what it owes; what differs is written off."""
    return _balanced({BANK: arrived, **{account: -amount for account, amount in paid.items()}}, DIFFERENCES)


def payout_paid(invited_code: str, amount: Decimal) -> list[EntryLine]:
    """An invited institution has its share."""
    return _balanced({AccountKey(AccountKind.INSTITUTION_PAYABLE, party=invited_code): amount}, BANK)


def difference_booked(gaps: Amounts) -> list[EntryLine]:
    """The other side's word counts: each account is moved by the gap (theirs less ours)."""
    return _balanced(gaps, DIFFERENCES)


def _balanced(amounts: Amounts, against: AccountKey) -> list[EntryLine]:
    """The lines, and one against them; without those of nothing."""
    rest = -sum(amounts.values(), ZERO)
    return without_nothing([*(EntryLine(*pair) for pair in amounts.items()), EntryLine(against, rest)])


def without_nothing(lines: Sequence[EntryLine]) -> list[EntryLine]:
    """Lines that move something."""
    return [line for line in lines if line.amount != 0]
