"""What a visit does when its money has moved."""

from checkout.events import BillRefunded, CheckoutClosed, SettlementRefused, ShareReceived
from consultations.models import Revisit
from consultations.operations import booking, steps, visits
from consultations.states import RevisitState
from kernel import clock
from kernel.events import subscribe


def _revisit_of(bill_id: int) -> Revisit | None:
    """The visit whose consultation fee the bill is."""
    return Revisit.objects.filter(bill_id=bill_id).first()


@subscribe(ShareReceived)
def enter_queue(event: ShareReceived) -> None:
    """Her share is in."""
    revisit = _revisit_of(event.bill_id)
    if revisit:
        visits.admit(revisit_id=revisit.pk, at=clock.now())


@subscribe(CheckoutClosed)
def give_place_back(event: CheckoutClosed) -> None:
    """Nothing was paid: the place is free again."""
    revisit = _revisit_of(event.bill_id)
    if revisit and revisit.state == RevisitState.PREPARING:
        booking.lapse(steps.locked(pk=revisit.pk), at=clock.now())


@subscribe(SettlementRefused)
def leave_queue(event: SettlementRefused) -> None:
    """The insurer does not settle the fee."""
    revisit = _revisit_of(event.bill_id)
    if revisit:
        visits.refuse_settlement(revisit_id=revisit.pk, at=clock.now())


@subscribe(BillRefunded)
def tell_refund(event: BillRefunded) -> None:
    """Everything is back, and she is told."""
    revisit = _revisit_of(event.bill_id)
    if revisit:
        locked = steps.locked(pk=revisit.pk)
        steps.say(locked, "money_back", at=clock.now())
        steps.tell_patient(locked, "money_back")
        steps.ring(locked)
