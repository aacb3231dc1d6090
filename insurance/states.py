"""Life of a claim: what is known of it at the insurer."""

from enum import StrEnum

from kernel.workflow import Workflow


class ClaimState(StrEnum):
    """An unknown outcome is a state of its own, never a failure."""

    DRAFT = "draft"
    """Made here; the insurer has not said yet what it would pay."""
    PRESETTLED = "presettled"
    """The insurer has said what it would pay; nothing is final."""
    DECLINED = "declined"
    """The insurer has refused before any settlement; nothing happened."""
    SETTLING = "settling"
    """The settlement is on its way."""
    UNCONFIRMED = "unconfirmed"
    """It was sent, and whether it happened is not known yet."""
    SETTLED = "settled"
    """The insurer has settled."""
    REVERSING = "reversing"
    """The settlement is being taken back."""
    REVERSAL_UNCONFIRMED = "reversal_unconfirmed"
    """The reversal was sent, and whether it happened is not known yet."""
    REVERSED = "reversed"
    """Taken back; the fund has its money again."""
    ABANDONED = "abandoned"
    """Given up here before any settlement."""


class ClaimEvent(StrEnum):
    """What can happen to a claim."""

    PRESETTLE = "presettle"
    DECLINE = "decline"
    SUBMIT = "submit"
    LOSE_ANSWER = "lose_answer"
    SETTLE = "settle"
    REVERSE = "reverse"
    CONFIRM_REVERSAL = "confirm_reversal"
    ABANDON = "abandon"


_S, _E = ClaimState, ClaimEvent

CLAIM = Workflow(
    "Claim",
    {
        (_S.DRAFT, _E.PRESETTLE): _S.PRESETTLED,
        (_S.DRAFT, _E.DECLINE): _S.DECLINED,
        (_S.DRAFT, _E.ABANDON): _S.ABANDONED,
        (_S.PRESETTLED, _E.PRESETTLE): _S.PRESETTLED,
        (_S.PRESETTLED, _E.DECLINE): _S.DECLINED,
        (_S.PRESETTLED, _E.SUBMIT): _S.SETTLING,
        (_S.PRESETTLED, _E.ABANDON): _S.ABANDONED,
        (_S.SETTLING, _E.SETTLE): _S.SETTLED,
        (_S.SETTLING, _E.DECLINE): _S.DECLINED,
        (_S.SETTLING, _E.LOSE_ANSWER): _S.UNCONFIRMED,
        (_S.UNCONFIRMED, _E.SETTLE): _S.SETTLED,
        (_S.UNCONFIRMED, _E.DECLINE): _S.DECLINED,
        (_S.UNCONFIRMED, _E.LOSE_ANSWER): _S.UNCONFIRMED,
        (_S.SETTLED, _E.REVERSE): _S.REVERSING,
        (_S.REVERSING, _E.LOSE_ANSWER): _S.REVERSAL_UNCONFIRMED,
        (_S.REVERSING, _E.CONFIRM_REVERSAL): _S.REVERSED,
        (_S.REVERSAL_UNCONFIRMED, _E.LOSE_ANSWER): _S.REVERSAL_UNCONFIRMED,
        (_S.REVERSAL_UNCONFIRMED, _E.CONFIRM_REVERSAL): _S.REVERSED,
    },
)


class MessageState(StrEnum):
    """Life of one message to the insurer."""

    WRITTEN = "written"
    """The intent is committed; it may or may not have left."""
    ANSWERED = "answered"
    REFUSED = "refused"
    UNANSWERED = "unanswered"
