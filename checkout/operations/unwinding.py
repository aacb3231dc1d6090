"""The ways out: before and after money has moved."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from checkout.models import Checkout
from checkout.operations import steps
from checkout.states import CHECKOUT, CheckoutEvent, CheckoutState
from insurance import operations as insurance
from payments.operations.closing import want_closed

_GOING_BACK = (
    CheckoutState.REVERSING, CheckoutState.REFUNDING, CheckoutState.REFUNDED, CheckoutState.CLOSED,
)  # fmt: skip

_STILL_GOING = (CheckoutState.SETTLING, CheckoutState.REVERSING, CheckoutState.REFUNDING)


@transaction.atomic
def close_unpaid(*, bill_id: int, reason: str, by: User | None, at: datetime) -> None:
    """End a checkout that nobody has paid; what is paid goes on as it was.

    When a payment order is open the channel closes it first: either ``CheckoutClosed`` follows, or she
    has paid in the last moment and ``ShareReceived`` follows.
    """
    checkout = steps.locked(bill_id=bill_id)
    if checkout.state == CheckoutState.PAYING:
        _end_order(checkout, at=at)
    elif CHECKOUT.allows(checkout.state, CheckoutEvent.CLOSE):
        steps.close(checkout, reason=reason, by=by, at=at)


@transaction.atomic
def unwind(*, bill_id: int, reason: str, by: User | None, at: datetime) -> None:
    """Let everything go back to those who paid: the insurance part, then hers; asking twice does it once.

    While the outcome at the insurer is not known, the settlement is undone there; where that is not possible the wish
    is kept and acted on when it is known. ``BillRefunded`` (or
    ``CheckoutClosed``, when nothing was paid) follows.

    Args:
        bill_id: the bill.
        reason: shown to the patient and at the channel, at most 80 characters; a sentence of ours is kept in
            English (``gettext_noop``), so that each reader sees her own language.
        by: who wants it; None for the system.
        at: now.
    """
    checkout = steps.locked(bill_id=bill_id)
    if checkout.state in _GOING_BACK or _is_waited_for(checkout):
        _end_offer(checkout, reason)
        _end_order(checkout, at=at)
        return
    checkout.unwind_reason = checkout.unwind_reason or reason[:80]
    checkout.save(update_fields=["unwind_reason"])
    if checkout.state == CheckoutState.SETTLED:
        steps.take_back(checkout, by=by, at=at)
    elif checkout.state == CheckoutState.SETTLING:
        steps.undo_unknown(checkout, at=at)
    elif checkout.state == CheckoutState.PAYING:
        _end_order(checkout, at=at)
    elif CHECKOUT.allows(checkout.state, CheckoutEvent.CLOSE):
        steps.close(checkout, reason=reason, by=by, at=at)
    steps.tell(checkout)


def _end_order(checkout: Checkout, *, at: datetime) -> None:
    """The channel closes her open order, or says that she has paid it: either is heard of."""
    if checkout.state == CheckoutState.PAYING and checkout.order_id:
        want_closed(order_id=checkout.order_id, at=at)


def _is_waited_for(checkout: Checkout) -> bool:
    """Whether an earlier wish is still acted on by itself; when all is settled, only a return of lines holds it up."""
    if not checkout.unwind_reason or checkout.state != CheckoutState.SETTLED:
        return bool(checkout.unwind_reason)
    return bool(checkout.claim_id and insurance.return_under_way(checkout.claim_id))


def _end_offer(checkout: Checkout, reason: str) -> None:
    """It goes back already because of the insurer, and is not to be offered to her again: somebody wants it to end."""
    if steps.may_offer_again(checkout) and checkout.state in _STILL_GOING:
        checkout.unwind_reason = reason[:80]
        checkout.save(update_fields=["unwind_reason"])
