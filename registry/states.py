"""Life of a real-name verification."""

from enum import StrEnum

from kernel.workflow import Workflow


class VerificationState(StrEnum):
    """What is known of a name and an identity number."""

    PENDING = "pending"
    """Written here; the gateway has not been asked yet."""
    UNANSWERED = "unanswered"
    """Asked, and no answer came; it is asked again by itself."""
    MATCHED = "matched"
    MISMATCHED = "mismatched"
    """The number exists and belongs to another name."""
    NOT_FOUND = "not_found"
    """Nobody has this number."""
    TAKEN = "taken"
    """They belong together, but somebody else already acts for this person here."""


class VerificationEvent(StrEnum):
    """What can happen to it."""

    LOSE_ANSWER = "lose_answer"
    MATCH = "match"
    MISMATCH = "mismatch"
    MISS = "miss"
    REFUSE = "refuse"


_S, _E = VerificationState, VerificationEvent

OPEN_STATES = frozenset({_S.PENDING, _S.UNANSWERED})

VERIFICATION = Workflow(
    "Verification",
    {(state, _E.LOSE_ANSWER): _S.UNANSWERED for state in OPEN_STATES}
    | {(state, _E.MATCH): _S.MATCHED for state in OPEN_STATES}
    | {(state, _E.MISMATCH): _S.MISMATCHED for state in OPEN_STATES}
    | {(state, _E.MISS): _S.NOT_FOUND for state in OPEN_STATES}
    | {(state, _E.REFUSE): _S.TAKEN for state in OPEN_STATES},
)
