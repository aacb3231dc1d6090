"""The order of steps for one bill; restartable from any state."""

from enum import StrEnum

from kernel.workflow import Workflow


class CheckoutState(StrEnum):
    """Where the money of one bill stands."""

    ESTIMATING = "estimating"
    """The insurer is being asked what it would pay."""
    DECLINED = "declined"
    """The insurer will not pay for this bill; she may pay all of it herself."""
    READY = "ready"
    """Who pays what is known; her share is to be paid."""
    PAYING = "paying"
    """A payment order is open; it may or may not be paid."""
    SETTLING = "settling"
    """Her share is in; the insurer is settling (or is being asked again whether it has)."""
    SETTLED = "settled"
    """Everything is paid."""
    REVERSING = "reversing"
    """The insurance part is going back."""
    REFUNDING = "refunding"
    """Her share is going back."""
    REFUNDED = "refunded"
    """Everything is back."""
    CLOSED = "closed"
    """Ended before anything was paid."""


class CheckoutEvent(StrEnum):
    """What moves it."""

    ASK = "ask"
    """The insurer is to be asked (again)."""
    ESTIMATE = "estimate"
    DECLINE = "decline"
    PAY_SELF = "pay_self"
    START_PAYMENT = "start_payment"
    LAPSE = "lapse"
    """The payment order was closed unpaid; she may try again."""
    RECEIVE = "receive"
    """Her share is in, and the insurer must settle."""
    COMPLETE = "complete"
    """Everything is paid."""
    REVERSE = "reverse"
    REFUND = "refund"
    FINISH_REFUND = "finish_refund"
    CLOSE = "close"
    OFFER_AGAIN = "offer_again"
    """The insurer did not settle and her share is back; she may pay all herself, or ask again."""
    STAND = "stand"
    """The insurer does not take its part back; everything stays paid."""
    RECEIVE_LATE = "receive_late"
    """Money came for a bill that was closed; it goes back."""


_S, _E = CheckoutState, CheckoutEvent

CHECKOUT = Workflow(
    "Checkout",
    {
        (_S.ESTIMATING, _E.ESTIMATE): _S.READY,
        (_S.ESTIMATING, _E.DECLINE): _S.DECLINED,
        (_S.ESTIMATING, _E.PAY_SELF): _S.READY,
        (_S.ESTIMATING, _E.CLOSE): _S.CLOSED,
        (_S.DECLINED, _E.ASK): _S.ESTIMATING,
        (_S.DECLINED, _E.PAY_SELF): _S.READY,
        (_S.DECLINED, _E.CLOSE): _S.CLOSED,
        (_S.READY, _E.ASK): _S.ESTIMATING,
        # The right to settle was lost between the estimate and her payment.
        (_S.READY, _E.DECLINE): _S.DECLINED,
        (_S.READY, _E.PAY_SELF): _S.READY,
        (_S.READY, _E.START_PAYMENT): _S.PAYING,
        (_S.READY, _E.RECEIVE): _S.SETTLING,
        (_S.READY, _E.COMPLETE): _S.SETTLED,
        (_S.READY, _E.CLOSE): _S.CLOSED,
        (_S.PAYING, _E.LAPSE): _S.READY,
        (_S.PAYING, _E.RECEIVE): _S.SETTLING,
        (_S.PAYING, _E.COMPLETE): _S.SETTLED,
        (_S.PAYING, _E.CLOSE): _S.CLOSED,
        (_S.PAYING, _E.REFUND): _S.REFUNDING,
        (_S.SETTLING, _E.COMPLETE): _S.SETTLED,
        (_S.SETTLING, _E.REFUND): _S.REFUNDING,
        (_S.SETTLING, _E.FINISH_REFUND): _S.REFUNDED,
        (_S.SETTLING, _E.OFFER_AGAIN): _S.DECLINED,
        (_S.SETTLING, _E.REVERSE): _S.REVERSING,
        (_S.SETTLED, _E.REVERSE): _S.REVERSING,
        (_S.SETTLED, _E.REFUND): _S.REFUNDING,
        (_S.SETTLED, _E.FINISH_REFUND): _S.REFUNDED,
        (_S.REVERSING, _E.REFUND): _S.REFUNDING,
        (_S.REVERSING, _E.FINISH_REFUND): _S.REFUNDED,
        (_S.REVERSING, _E.STAND): _S.SETTLED,
        (_S.REVERSING, _E.OFFER_AGAIN): _S.DECLINED,
        (_S.REFUNDING, _E.FINISH_REFUND): _S.REFUNDED,
        (_S.REFUNDING, _E.OFFER_AGAIN): _S.DECLINED,
        (_S.CLOSED, _E.RECEIVE_LATE): _S.REFUNDING,
    },
)
