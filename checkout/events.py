"""What checkout tells the clinical apps; handled in the publisher's transaction."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ShareReceived:
    """The patient's share of a bill is in (or is zero): the service may begin."""

    bill_id: int


@dataclass(frozen=True)
class BillSettled:
    """Everything of a bill is paid: medicines may be handed out."""

    bill_id: int


@dataclass(frozen=True)
class BillRefunded:
    """Everything of a bill is back with those who paid."""

    bill_id: int


@dataclass(frozen=True)
class CheckoutClosed:
    """Ended before anything was paid."""

    bill_id: int


@dataclass(frozen=True)
class CheckoutChanged:
    """Something a watching page shows has changed."""

    bill_id: int


@dataclass(frozen=True)
class SettlementRefused:
    """Her share was in, but the insurer will not settle, or not as it had stated; everything is going back."""

    bill_id: int
