"""When the mobile payment centre is asked again, and whether two statements of amounts agree; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

POLLS: tuple[timedelta, ...] = tuple(
    timedelta(seconds=seconds) for seconds in (1, 2, 3, 5, 8, 13, 21, 34, 55, 90, 150, 240)
)
"""Pauses between questions about an order in processing: at most twelve questions, ever farther apart. Afterwards the
written schedule of unknown outcomes goes on alone.

Source: one province's contract asks for at most twelve questions with back-off [S:SX]; the pauses are ours.
"""


def next_poll(*, polls: int, at: datetime) -> datetime | None:
    """When to ask next after so many questions; None when there were enough."""
    return at + POLLS[polls] if polls < len(POLLS) else None


@dataclass(frozen=True)
class Amounts:
    """Who pays how much of an order, in yuan."""

    fund: Decimal
    account: Decimal
    cash: Decimal

    def __str__(self) -> str:
        """For a person who compares two of them."""
        return f"{self.fund} + {self.account} + {self.cash}"


def disagreement(what: str, known: Amounts | None, said: Amounts | None) -> str:
    """A sentence when two statements of the same order differ; empty when they agree or one of them is missing."""
    if known is None or said is None or known == said:
        return ""
    return f"{what}: {said} (fund + account + cash), agreed before: {known}"


@dataclass(frozen=True)
class Permission:
    """A permission to pay that somebody gave with her e-voucher."""

    is_given: bool
    has_number: bool
    expires_at: datetime | None


def may_pay(permission: Permission, *, at: datetime) -> bool:
    """Whether the permission can be used now: given, never used, not run out."""
    if not (permission.is_given and permission.has_number):
        return False
    return permission.expires_at is None or at < permission.expires_at
