"""What the end of a conversation does to the claim as it stands by then; pure."""

from enum import StrEnum

from insurance.rules.outcomes import Rule, Step, reversing, settling, voiding
from insurance.states import ClaimEvent, ClaimState


class Talk(StrEnum):
    """What is talked about."""

    SETTLING = "settling"
    VOIDING = "voiding"
    REVERSING = "reversing"


RULES: dict[Talk, Rule] = {Talk.SETTLING: settling, Talk.VOIDING: voiding, Talk.REVERSING: reversing}

WAITING = {
    Talk.SETTLING: (ClaimState.SETTLING, ClaimState.UNCONFIRMED),
    Talk.VOIDING: (ClaimState.VOIDING,),
    Talk.REVERSING: (ClaimState.REVERSING, ClaimState.REVERSAL_UNCONFIRMED),
}
"""The states that wait for the end of each conversation."""

_EVENTS = {
    (Talk.SETTLING, Step.RECORD): (ClaimEvent.SETTLE,),
    (Talk.SETTLING, Step.GIVE_UP): (ClaimEvent.DECLINE,),
    (Talk.SETTLING, Step.UNDO): (ClaimEvent.LOSE_ANSWER, ClaimEvent.VOID),
    (Talk.VOIDING, Step.RECORD): (ClaimEvent.CONFIRM_VOID,),
    (Talk.VOIDING, Step.STAND): (ClaimEvent.SETTLE,),
    (Talk.REVERSING, Step.RECORD): (ClaimEvent.CONFIRM_REVERSAL,),
}


def events_after(
    talk: Talk, step: Step, state: ClaimState | str, *, asked_since: bool
) -> tuple[ClaimEvent, ...]:
    """What happens to the claim, in order; nothing when the end is old news.

    An end counts only from a state that waits for it: while a settlement is being undone, an answer to the settling
    message that comes late counts no more, because only asking afterwards tells which of the two was first. A refusal
    counts only when nobody has sent the number again since.
    """
    if state not in WAITING[talk] or (step is Step.GIVE_UP and asked_since):
        return ()
    return _EVENTS.get((talk, step), (ClaimEvent.LOSE_ANSWER,))
