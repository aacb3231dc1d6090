"""Life of an online re-diagnosis."""

from enum import StrEnum

from kernel.workflow import Workflow


class RevisitState(StrEnum):
    """Where the visit stands."""

    PREPARING = "preparing"
    """A place is held; she describes, proves, consents and pays."""
    WAITING = "waiting"
    """Her share is paid; she is in the queue."""
    IN_PROGRESS = "in_progress"
    """The doctor has begun."""
    COMPLETED = "completed"
    STOPPED = "stopped"
    """The doctor sent her offline; the money goes back."""
    MISSED = "missed"
    """The doctor never came; the money goes back."""
    CANCELLED = "cancelled"
    """By her, before it began, or because the place lapsed unpaid."""


class RevisitEvent(StrEnum):
    """What can happen to it."""

    ADMIT = "admit"
    BEGIN = "begin"
    COMPLETE = "complete"
    STOP = "stop"
    MISS = "miss"
    CANCEL = "cancel"


_S, _E = RevisitState, RevisitEvent

REVISIT = Workflow(
    "Revisit",
    {
        (_S.PREPARING, _E.ADMIT): _S.WAITING,
        (_S.PREPARING, _E.CANCEL): _S.CANCELLED,
        (_S.WAITING, _E.BEGIN): _S.IN_PROGRESS,
        (_S.WAITING, _E.STOP): _S.STOPPED,
        (_S.WAITING, _E.MISS): _S.MISSED,
        (_S.WAITING, _E.CANCEL): _S.CANCELLED,
        (_S.IN_PROGRESS, _E.COMPLETE): _S.COMPLETED,
        (_S.IN_PROGRESS, _E.STOP): _S.STOPPED,
    },
)
