"""Whether a settlement of unknown outcome may still be undone."""

from datetime import datetime

from insurance.gateway.profile import profile_for
from insurance.models import Claim, Route
from insurance.rules.undoing import is_undoable
from kernel import clock


def may_undo(claim: Claim, *, at: datetime) -> bool:
    """Whether the insurer still undoes (2601) what was submitted then; the province's profile knows until when."""
    if claim.submitted_at is None:
        return False
    if claim.route == Route.MOBILE:
        return True  # 6401 closes an order that is not paid on any day
    profile = profile_for(claim.registration.encounter.institution.region_code)
    return is_undoable(
        submitted_on=clock.day_of(claim.submitted_at),
        on=clock.day_of(at),
        same_day_only=profile.reversal_same_day_only,
    )
