"""Who works with audit rules, and who only reads them."""

from accounts.models import User
from insurance.permissions import OFFICE, READERS
from screening.models import RuleChange

__all__ = ["OFFICE", "READERS", "can_decide", "is_office"]


def is_office(user: User) -> bool:
    """Changes rules and takes files."""
    return user.is_in_any(OFFICE)


def can_decide(user: User, wish: RuleChange) -> bool:
    """The second person: of the office, and not the one who proposed it (SC-03)."""
    return is_office(user) and wish.proposed_by_id != user.pk
