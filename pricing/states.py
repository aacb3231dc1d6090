"""The life of a price revision, as a table."""

from enum import StrEnum

from kernel.workflow import Workflow


class RevisionState(StrEnum):
    """Where a set of proposed prices stands."""

    DRAFT = "draft"
    """Rows are added, changed and taken out; a change of a later state's rows leads back here."""
    SUBMITTED = "submitted"
    """Waits for a second person."""
    REVIEWED = "reviewed"
    """The second person agrees; nothing is law yet."""
    PUBLISHED = "published"
    """Its rows are prices, each from its first day."""
    SUPERSEDED = "superseded"
    """All its prices were replaced by later ones."""
    ABANDONED = "abandoned"
    """Given up before it became law."""


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


class ImportState(StrEnum):
    """Where an uploaded table of prices stands."""

    WAITING = "waiting"
    """Not read yet, or being read."""
    FAULTY = "faulty"
    """Read, and something in it has to be put right; nothing of it can be taken."""
    READ = "read"
    """Read without a fault; nothing of it is in the draft yet."""
    TAKING = "taking"
    """Its rows are on their way into the draft."""
    TAKEN = "taken"
    """All its rows are in the draft."""


class ImportEvent(StrEnum):
    """What happens to it."""

    READ_WELL = "read_well"
    FIND_FAULTS = "find_faults"
    TAKE = "take"
    ARRIVE = "arrive"
    TURN_BACK = "turn_back"


IMPORT: Workflow[ImportState, ImportEvent] = Workflow(
    "PriceImport",
    {
        (ImportState.WAITING, ImportEvent.READ_WELL): ImportState.READ,
        (ImportState.WAITING, ImportEvent.FIND_FAULTS): ImportState.FAULTY,
        (ImportState.READ, ImportEvent.TAKE): ImportState.TAKING,
        (ImportState.TAKING, ImportEvent.ARRIVE): ImportState.TAKEN,
        (ImportState.TAKING, ImportEvent.TURN_BACK): ImportState.READ,
    },
)
