"""Life of a payment order and of a refund."""

from enum import StrEnum

from kernel.workflow import Workflow


class OrderState(StrEnum):
    """What is known of an order at the channel."""

    CREATED = "created"
    """Written here; the channel may not know it yet."""
    PLACED = "placed"
    """The channel waits for the person."""
    PAID = "paid"
    CLOSED = "closed"
    """It can never be paid any more."""
    LATE = "late"
    """It was paid nevertheless, after it was closed; the money goes back by itself."""


class OrderEvent(StrEnum):
    """What can happen to an order."""

    PLACE = "place"
    PAY = "pay"
    CLOSE = "close"
    PAY_LATE = "pay_late"


ORDER = Workflow(
    "PaymentOrder",
    {
        (OrderState.CREATED, OrderEvent.PLACE): OrderState.PLACED,
        (OrderState.CREATED, OrderEvent.PAY): OrderState.PAID,
        (OrderState.CREATED, OrderEvent.CLOSE): OrderState.CLOSED,
        (OrderState.PLACED, OrderEvent.PAY): OrderState.PAID,
        (OrderState.PLACED, OrderEvent.CLOSE): OrderState.CLOSED,
        (OrderState.CLOSED, OrderEvent.PAY_LATE): OrderState.LATE,
    },
)


class RefundState(StrEnum):
    """What is known of a refund at the channel."""

    REQUESTED = "requested"
    """Written here; being asked of the channel."""
    PROCESSING = "processing"
    DONE = "done"
    FAILED = "failed"
    """The channel cannot pay back; a person must look."""


class RefundEvent(StrEnum):
    """What can happen to a refund."""

    ACCEPT = "accept"
    COMPLETE = "complete"
    FAIL = "fail"
    CONFIRM_BY_HAND = "confirm_by_hand"
    """A second person has seen that it was given back on the channel's own pages."""


REFUND = Workflow(
    "Refund",
    {
        (RefundState.REQUESTED, RefundEvent.ACCEPT): RefundState.PROCESSING,
        (RefundState.REQUESTED, RefundEvent.COMPLETE): RefundState.DONE,
        (RefundState.REQUESTED, RefundEvent.FAIL): RefundState.FAILED,
        (RefundState.PROCESSING, RefundEvent.COMPLETE): RefundState.DONE,
        (RefundState.PROCESSING, RefundEvent.FAIL): RefundState.FAILED,
        # Given back after all, by the operator of the channel or on the channel's own pages.
        (RefundState.FAILED, RefundEvent.COMPLETE): RefundState.DONE,
        (RefundState.FAILED, RefundEvent.CONFIRM_BY_HAND): RefundState.DONE,
    },
)


CLOSED = "CLOSED"
"""The word of a refund that failed since the channel closed it; nothing of it is taken there."""


class HeldBack(StrEnum):
    """How a refund that failed still lies at its channel: its amount is taken there, and no other number gets it."""

    ABNORMAL = "ABNORMAL"
    """Her account takes no money any more."""
    TO_HOSPITAL = "TO_HOSPITAL"
    """Asked to come to the hospital's own account, from which she is paid by hand."""
    AT_HOSPITAL = "AT_HOSPITAL"


def held_back(failure: str) -> HeldBack | None:
    """How it lies there, out of what went wrong with it; None for every other failure."""
    word = failure.partition(":")[0]
    return next((each for each in HeldBack if each == word), None)


def is_unexplained(*, state: str, failure: str, channel_refund_id: str) -> bool:
    """Whether the channel took a refund in and ended it, and its word for that was not kept: it may lie there."""
    return state == RefundState.FAILED and bool(channel_refund_id) and not failure
