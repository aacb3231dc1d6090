"""Where an account of the books stands among the sums of a cashier day; pure."""

from collections.abc import Collection

from finance.rules.postings import Kind
from ledger.rules import AccountKey, AccountKind

Place = tuple[str, str, int]
"""Section, of what, and the sign that makes an entry of the books an amount of the records."""

_AT_CHANNEL = (Kind.SHARE_RECEIVED, Kind.REFUND_DONE)
"""What the channel reports day by day; its transfer to the bank is another matter."""
_AT_INSURER = (Kind.INSURER_SETTLED, Kind.INSURER_REVERSED)
_NOT_EARNED = (Kind.REMOTE_SHARED, Kind.DIFFERENCE_BOOKED, Kind.OVERCHARGE_FOUND)
"""What leaves the lines of bills as they are: shares of others, differences a person books, corrections of the past."""


def section_of(account: AccountKey, event: str) -> Place | None:
    """Where an entry of ``event`` (a kind of posting) on an account counts; None where it is no sum of a day."""
    match account.kind:
        case AccountKind.CHANNEL_CLEARING:
            return _among(_AT_CHANNEL, event, ("channel", account.party, 1))
        case AccountKind.INSURER_RECEIVABLE:
            return _among(_AT_INSURER, event, ("payer", account.category, 1))
        case AccountKind.HOSPITAL_BORNE:
            return None if event == Kind.DIFFERENCE_BOOKED else ("payer", "institution", 1)
        case AccountKind.REVENUE | AccountKind.ONSITE_FEE | AccountKind.DELIVERY:
            return None if event in _NOT_EARNED else ("category", earning_key(account), -1)
    return None


def _among(kinds: Collection[str], event: str, place: Place) -> Place | None:
    return place if event in kinds else None


def earning_key(account: AccountKey) -> str:
    """How an account that earns is called in the section of categories."""
    return account.category or account.kind.value
