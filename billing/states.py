"""Life of a bill."""

from enum import StrEnum

from kernel.workflow import Workflow


class BillState(StrEnum):
    """Where a bill stands."""

    OPEN = "open"
    SETTLED = "settled"
    REFUNDED = "refunded"
    VOID = "void"


class BillEvent(StrEnum):
    """What can happen to it."""

    SETTLE = "settle"
    REFUND = "refund"
    VOID = "void"


BILL = Workflow(
    "Bill",
    {
        (BillState.OPEN, BillEvent.SETTLE): BillState.SETTLED,
        (BillState.OPEN, BillEvent.VOID): BillState.VOID,
        (BillState.SETTLED, BillEvent.REFUND): BillState.REFUNDED,
    },
)
