"""What payments does by itself about its own news."""

from django.utils.translation import gettext, gettext_noop, override

from kernel import clock
from kernel.events import subscribe
from payments.events import PaidAfterClosing
from payments.operations import refunds

PAID_LATE = gettext_noop("Paid after the time to pay was over.")


@subscribe(PaidAfterClosing)
def give_back(event: PaidAfterClosing) -> None:
    """Nothing waits for this money any more: all of it goes back, once."""
    with override("zh-hans"):
        reason = gettext(PAID_LATE)
    refunds.request_refund(order_id=event.order_id, reason=reason, by=None, at=clock.now(), key="late")
