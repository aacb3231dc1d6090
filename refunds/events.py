"""What the refunds app tells those above."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RefundAskedFor:
    """Money is to go back; it may still need a second person."""

    request_id: int


@dataclass(frozen=True)
class RefundDeclined:
    """Nothing goes back by this request."""

    request_id: int


@dataclass(frozen=True)
class RefundFinished:
    """Everything of the request is back with those who paid."""

    request_id: int
