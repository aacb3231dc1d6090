"""A revision is locked before anything is decided about it."""

from datetime import datetime

from accounts.models import User
from audit import operations as audit
from pricing.models import PriceRevision
from pricing.states import REVISION, RevisionEvent, RevisionState


def locked(revision_id: int) -> PriceRevision:
    """The revision with document and institution; whoever else wants it waits."""
    return (
        PriceRevision.objects.select_for_update(of=("self",))
        .select_related("document", "institution", "drafted_by")
        .get(pk=revision_id)
    )


def locked_for_change(revision_id: int, *, by: User | None, at: datetime) -> PriceRevision:
    """The revision as a draft: a change of rows takes back what was submitted or reviewed.

    Raises:
        IllegalTransition: it is published, superseded or abandoned.
    """
    revision = locked(revision_id)
    if revision.state != RevisionState.DRAFT:
        back_to_draft(revision)
        audit.record(
            "pricing.revision.returned", on=revision, by=by, at=at, facts={"note": "", "by_change": True}
        )
    return revision


def back_to_draft(revision: PriceRevision) -> None:
    """Forget submission and review.

    Raises:
        IllegalTransition: it can no longer go back.
    """
    revision.state = REVISION.after(revision.state, RevisionEvent.RETURN)
    revision.submitted_at = revision.reviewed_at = revision.reviewed_by = None
    revision.save(update_fields=["state", "submitted_at", "reviewed_at", "reviewed_by"])
