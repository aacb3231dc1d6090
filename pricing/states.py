"""The life of a price revision, as a table."""

from enum import StrEnum

from kernel.workflow import Workflow


class RevisionState(StrEnum):
    """Where a set of proposed prices stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    ABANDONED = "abandoned"


class RevisionEvent(StrEnum):
    """What happens to it."""

    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    PUBLISH = "publish"
    SUPERSEDE = "supersede"
    ABANDON = "abandon"


REVISION: Workflow[RevisionState, RevisionEvent] = Workflow(
    "PriceRevision",
    {
        (RevisionState.DRAFT, RevisionEvent.SUBMIT): RevisionState.SUBMITTED,
        (RevisionState.SUBMITTED, RevisionEvent.RETURN): RevisionState.DRAFT,
        (RevisionState.SUBMITTED, RevisionEvent.APPROVE): RevisionState.REVIEWED,
        (RevisionState.REVIEWED, RevisionEvent.RETURN): RevisionState.DRAFT,
        (RevisionState.REVIEWED, RevisionEvent.PUBLISH): RevisionState.PUBLISHED,
        (RevisionState.PUBLISHED, RevisionEvent.SUPERSEDE): RevisionState.SUPERSEDED,
        (RevisionState.DRAFT, RevisionEvent.ABANDON): RevisionState.ABANDONED,
        (RevisionState.SUBMITTED, RevisionEvent.ABANDON): RevisionState.ABANDONED,
        (RevisionState.REVIEWED, RevisionEvent.ABANDON): RevisionState.ABANDONED,
    },
)
