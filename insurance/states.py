"""Lives of what the insurance app keeps: claims, messages, agreements, authorisations."""

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
    VOIDING = "voiding"
    """A settlement whose outcome is unknown is being undone by its message number (2601)."""
    VOIDED = "voided"
    """The insurer holds nothing of it any more, if it ever did."""


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
    VOID = "void"
    CONFIRM_VOID = "confirm_void"
    STAND = "stand"
    """The insurer does not take the settlement back; a person has made sure of it."""


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
        (_S.UNCONFIRMED, _E.VOID): _S.VOIDING,
        (_S.VOIDING, _E.LOSE_ANSWER): _S.VOIDING,
        (_S.VOIDING, _E.CONFIRM_VOID): _S.VOIDED,
        # The insurer does not undo it any more, and says that it stands.
        (_S.VOIDING, _E.SETTLE): _S.SETTLED,
        (_S.SETTLED, _E.REVERSE): _S.REVERSING,
        (_S.REVERSING, _E.LOSE_ANSWER): _S.REVERSAL_UNCONFIRMED,
        (_S.REVERSING, _E.CONFIRM_REVERSAL): _S.REVERSED,
        (_S.REVERSAL_UNCONFIRMED, _E.LOSE_ANSWER): _S.REVERSAL_UNCONFIRMED,
        (_S.REVERSAL_UNCONFIRMED, _E.CONFIRM_REVERSAL): _S.REVERSED,
        (_S.REVERSAL_UNCONFIRMED, _E.STAND): _S.SETTLED,
    },
)


class MessageState(StrEnum):
    """Life of one message to the insurer."""

    WRITTEN = "written"
    """The intent is committed; it may or may not have left."""
    ANSWERED = "answered"
    REFUSED = "refused"
    UNANSWERED = "unanswered"


class AgreementState(StrEnum):
    """Where a contract with the insurance stands; whether it counts on a day is asked of its days, too."""

    APPLIED = "applied"
    """Asked for; not signed."""
    SIGNED = "signed"
    SUSPENDED = "suspended"
    """The agency has stopped it for a time."""
    ENDED = "ended"
    """Over before or at its last day, for good."""
    REFUSED = "refused"
    """The agency did not sign."""


class AgreementEvent(StrEnum):
    """What happens to a contract."""

    SIGN = "sign"
    REFUSE = "refuse"
    SUSPEND = "suspend"
    RESUME = "resume"
    END = "end"


UNKNOWN = frozenset({_S.UNCONFIRMED, _S.VOIDING, _S.REVERSAL_UNCONFIRMED})
"""Sent, and whether it happened is not known."""

WITHOUT_SETTLEMENT = frozenset({_S.DECLINED, _S.ABANDONED, _S.REVERSED, _S.VOIDED})
"""Ended, and nothing of it is in force at the insurer."""


AGREEMENT: Workflow[AgreementState, AgreementEvent] = Workflow(
    "Agreement",
    {
        (AgreementState.APPLIED, AgreementEvent.SIGN): AgreementState.SIGNED,
        (AgreementState.APPLIED, AgreementEvent.REFUSE): AgreementState.REFUSED,
        (AgreementState.SIGNED, AgreementEvent.SUSPEND): AgreementState.SUSPENDED,
        (AgreementState.SIGNED, AgreementEvent.END): AgreementState.ENDED,
        (AgreementState.SUSPENDED, AgreementEvent.RESUME): AgreementState.SIGNED,
        (AgreementState.SUSPENDED, AgreementEvent.END): AgreementState.ENDED,
    },
)


class AuthorizationState(StrEnum):
    """Where an e-voucher authorisation stands."""

    REQUESTED = "requested"
    """She has been sent to her e-voucher and is not back."""
    GIVEN = "given"
    """She has allowed it; the permission to pay is not used."""
    REFUSED = "refused"
    USED = "used"
    """Its permission to pay has been sent once, and never again."""
    EXPIRED = "expired"


class AuthorizationEvent(StrEnum):
    """What happens to it."""

    GIVE = "give"
    REFUSE = "refuse"
    USE = "use"
    EXPIRE = "expire"


AUTHORIZATION: Workflow[AuthorizationState, AuthorizationEvent] = Workflow(
    "VoucherAuthorization",
    {
        (AuthorizationState.REQUESTED, AuthorizationEvent.GIVE): AuthorizationState.GIVEN,
        (AuthorizationState.REQUESTED, AuthorizationEvent.REFUSE): AuthorizationState.REFUSED,
        (AuthorizationState.REQUESTED, AuthorizationEvent.EXPIRE): AuthorizationState.EXPIRED,
        (AuthorizationState.GIVEN, AuthorizationEvent.USE): AuthorizationState.USED,
        (AuthorizationState.GIVEN, AuthorizationEvent.EXPIRE): AuthorizationState.EXPIRED,
    },
)
