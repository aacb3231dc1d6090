"""Who may do what with proposed prices."""

from accounts.models import Role, User
from pricing.models import PriceRevision
from pricing.operations.revising.reviewing import has_changed
from pricing.states import REVISION, RevisionEvent

MAY_SEE = (Role.ADMINISTRATOR, Role.FINANCE)
MAY_CHANGE = (Role.ADMINISTRATOR,)


def can_change(user: User, revision: PriceRevision) -> bool:
    """Whether rows may be changed by this person; a change of a later state leads back to draft."""
    is_open = REVISION.allows(revision.state, RevisionEvent.ABANDON)
    return is_open and user.is_in_any(MAY_CHANGE)


def can_review(user: User, revision: PriceRevision) -> bool:
    """Whether it waits for a second person and this is one."""
    is_waiting = REVISION.allows(revision.state, RevisionEvent.APPROVE)
    return is_waiting and user.is_in_any(MAY_CHANGE) and not has_changed(revision, user)


def can_publish(user: User, revision: PriceRevision) -> bool:
    """Whether it was reviewed and this person publishes prices."""
    return user.is_in_any(MAY_CHANGE) and REVISION.allows(revision.state, RevisionEvent.PUBLISH)
