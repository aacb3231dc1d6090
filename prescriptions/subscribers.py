"""What checkout says about bills of medicines."""

from checkout.events import BillRefunded, BillSettled, CheckoutChanged, CheckoutClosed
from kernel import clock, live
from kernel.events import subscribe
from prescriptions import operations
from prescriptions.models import Prescription


@subscribe(BillSettled)
def settle(event: BillSettled) -> None:
    """Everything is paid."""
    operations.mark_paid(bill_id=event.bill_id, at=clock.now())


@subscribe(CheckoutClosed)
def close(event: CheckoutClosed) -> None:
    """Nothing was paid."""
    operations.mark_unpaid(bill_id=event.bill_id, at=clock.now())


@subscribe(BillRefunded)
def refund(event: BillRefunded) -> None:
    """Everything is back."""
    operations.mark_refunded(bill_id=event.bill_id, at=clock.now())


@subscribe(CheckoutChanged)
def show(event: CheckoutChanged) -> None:
    """Pages that show the prescription show its bill, too."""
    for prescription_id in Prescription.objects.filter(bill=event.bill_id).values_list("pk", flat=True):
        live.ring(f"prescription:{prescription_id}")
