"""What the payments app tells the apps above."""

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
class PaidAfterClosing:
    """Money came for an order that was closed; payments gives it back by itself."""

    order_id: int


@dataclass(frozen=True)
class RefundRequested:
    """Money is to go back; the channel will be asked."""

    refund_id: int


@dataclass(frozen=True)
class RefundDone:
    """The channel has given the money back."""

    refund_id: int


@dataclass(frozen=True)
class RefundFailed:
    """The channel cannot give it back; a person must look."""

    refund_id: int
