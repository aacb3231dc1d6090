"""The ways out: before and after money has moved."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from checkout.operations import steps
from checkout.states import CHECKOUT, CheckoutEvent, CheckoutState
from kernel import jobs

_GOING_BACK = (
    CheckoutState.REVERSING, CheckoutState.REFUNDING, CheckoutState.REFUNDED, CheckoutState.CLOSED,
)  # fmt: skip


@transaction.atomic
def close_unpaid(*, bill_id: int, reason: str, by: User | None, at: datetime) -> None:
    """End a checkout that nobody has paid; what is paid goes on as it was.

    When a payment order is open the channel closes it first: either ``CheckoutClosed`` follows, or she
    has paid in the last moment and ``ShareReceived`` follows.
    """
    checkout = steps.locked(bill_id=bill_id)
    if checkout.state == CheckoutState.PAYING:
        jobs.enqueue("payments.close_order", order_id=checkout.order_id)
    elif CHECKOUT.allows(checkout.state, CheckoutEvent.CLOSE):
        steps.close(checkout, reason=reason, by=by, at=at)


@transaction.atomic
def unwind(*, bill_id: int, reason: str, by: User | None, at: datetime) -> None:
    """Let everything go back to those who paid: the insurance part, then hers; asking twice does it once.

    While an outcome is not known the wish is kept and acted on when it is. ``BillRefunded`` (or
    ``CheckoutClosed``, when nothing was paid) follows.

    Args:
        bill_id: the bill.
        reason: shown to the patient and at the channel, at most 80 characters; a sentence of ours is kept in
            English (``gettext_noop``), so that each reader sees her own language.
        by: who wants it; None for the system.
        at: now.
    """
    checkout = steps.locked(bill_id=bill_id)
    if checkout.state in _GOING_BACK or checkout.unwind_reason:
        return
    checkout.unwind_reason = reason[:80]
    checkout.save(update_fields=["unwind_reason"])
    if checkout.state == CheckoutState.SETTLED:
        steps.take_back(checkout, by=by, at=at)
    elif checkout.state == CheckoutState.PAYING:
        jobs.enqueue("payments.close_order", order_id=checkout.order_id)
    elif CHECKOUT.allows(checkout.state, CheckoutEvent.CLOSE):
        steps.close(checkout, reason=reason, by=by, at=at)
    steps.tell(checkout)
