"""Life of a request for a refund, and what stands open."""

from enum import StrEnum

from kernel.workflow import Workflow


class RefundRequestState(StrEnum):
    """Where the money stands that is to go back."""

    REQUESTED = "requested"
    """Asked for; a second person has to agree."""
    APPROVED = "approved"
    """Agreed to; nothing has been asked of the insurer or the channel yet."""
    SENDING = "sending"
    """On its way: at the insurer first, then at the channel."""
    DONE = "done"
    """Everything is back with those who paid."""
    DECLINED = "declined"
    """Nothing goes back."""
    FAILED = "failed"
    """The insurer or the channel did not do it; a person must look."""


class RefundRequestEvent(StrEnum):
    """What can happen to it."""

    APPROVE = "approve"
    DECLINE = "decline"
    SEND = "send"
    COMPLETE = "complete"
    FAIL = "fail"


_S, _E = RefundRequestState, RefundRequestEvent

REFUND_REQUEST = Workflow(
    "RefundRequest",
    {
        (_S.REQUESTED, _E.APPROVE): _S.APPROVED,
        (_S.REQUESTED, _E.DECLINE): _S.DECLINED,
        (_S.APPROVED, _E.SEND): _S.SENDING,
        (_S.APPROVED, _E.DECLINE): _S.DECLINED,
        # All of the bill goes back instead.
        (_S.SENDING, _E.DECLINE): _S.DECLINED,
        (_S.SENDING, _E.COMPLETE): _S.DONE,
        (_S.SENDING, _E.FAIL): _S.FAILED,
        # The channel has done it after all, or a person has done it by hand there.
        (_S.FAILED, _E.COMPLETE): _S.DONE,
        (_S.FAILED, _E.SEND): _S.SENDING,
        (_S.FAILED, _E.DECLINE): _S.DECLINED,
    },
)

OPEN = (_S.REQUESTED, _S.APPROVED, _S.SENDING, _S.FAILED)
"""Something may still go back."""

UNDER_WAY = (_S.APPROVED, _S.SENDING, _S.FAILED)
"""Agreed to, and not at its end."""
