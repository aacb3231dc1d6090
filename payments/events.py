"""What the payments app tells checkout."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OrderPaid:
    """The channel has the money."""

    order_id: int


@dataclass(frozen=True)
class OrderClosed:
    """The order can never be paid any more."""

    order_id: int


@dataclass(frozen=True)
class OrderPlaced:
    """The person can go to the cashier."""

    order_id: int


@dataclass(frozen=True)
class RefundDone:
    """The channel has given the money back."""

    refund_id: int


@dataclass(frozen=True)
class RefundFailed:
    """The channel cannot give it back; a person must look."""

    refund_id: int
