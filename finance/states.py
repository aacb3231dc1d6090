"""Lives of what the finance office keeps: cashier days, payouts to other institutions, transfers of the insurance."""

from enum import StrEnum

from kernel.workflow import Workflow


class DayState(StrEnum):
    """Where a cashier day stands."""

    OPEN = "open"
    """The day has ended; nobody has counted it."""
    COUNTED = "counted"
    """The sums of records and books are taken, side by side."""
    CLOSED = "closed"
    """A person has found them right, or said why they are not alike."""


class DayEvent(StrEnum):
    """What a person does with it."""

    COUNT = "count"
    CLOSE = "close"
    REOPEN = "reopen"


_D, _V = DayState, DayEvent

CASHIER_DAY = Workflow(
    "CashierDay",
    {
        (_D.OPEN, _V.COUNT): _D.COUNTED,
        (_D.COUNTED, _V.COUNT): _D.COUNTED,
        (_D.COUNTED, _V.CLOSE): _D.CLOSED,
        (_D.CLOSED, _V.REOPEN): _D.OPEN,
    },
)


class PayoutState(StrEnum):
    """Where a payout stands."""

    DRAFTED = "drafted"
    APPROVED = "approved"
    """A second person agrees; the bank may be told."""
    PAID = "paid"
    """The bank has paid; it is in the books."""
    CANCELLED = "cancelled"


class PayoutEvent(StrEnum):
    """What a person does with it."""

    APPROVE = "approve"
    PAY = "pay"
    CANCEL = "cancel"


_P, _E = PayoutState, PayoutEvent

PAYOUT = Workflow(
    "Payout",
    {
        (_P.DRAFTED, _E.APPROVE): _P.APPROVED,
        (_P.DRAFTED, _E.CANCEL): _P.CANCELLED,
        (_P.APPROVED, _E.PAY): _P.PAID,
        # The bank did not take it, or it was wrong after all; nothing has been booked.
        (_P.APPROVED, _E.CANCEL): _P.CANCELLED,
    },
)


class InsurerTransferState(StrEnum):
    """Where money that an agency of the insurance has transferred stands."""

    ENTERED = "entered"
    """One person has the bank's statement; nothing is in the books."""
    BOOKED = "booked"
    """A second person has seen it, too; it is in the books."""
    WITHDRAWN = "withdrawn"


class InsurerTransferEvent(StrEnum):
    """What a person does with it."""

    BOOK = "book"
    WITHDRAW = "withdraw"


_I, _J = InsurerTransferState, InsurerTransferEvent

INSURER_TRANSFER = Workflow(
    "InsurerTransfer",
    {
        (_I.ENTERED, _J.BOOK): _I.BOOKED,
        (_I.ENTERED, _J.WITHDRAW): _I.WITHDRAWN,
    },
)
