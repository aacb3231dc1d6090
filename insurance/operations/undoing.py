"""Whether a settlement of unknown outcome may still be undone."""

from datetime import datetime

from insurance.models import Claim
from insurance.rules.undoing import is_undoable
from kernel import clock

SAME_DAY_ONLY = True


def may_undo(claim: Claim, *, at: datetime) -> bool:
    """Whether the insurer still undoes (2601) what was submitted then."""
    if claim.submitted_at is None:
        return False
    return is_undoable(
        submitted_on=clock.day_of(claim.submitted_at), on=clock.day_of(at), same_day_only=SAME_DAY_ONLY
    )
