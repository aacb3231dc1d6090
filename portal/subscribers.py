"""Whose list of bills is told that something has changed."""

from checkout.events import CheckoutChanged
from kernel import live
from kernel.events import subscribe
from payments.events import RefundDone, RefundFailed
from payments.models import Refund
from refunds.events import RefundAskedFor, RefundDeclined, RefundFinished
from refunds.models import RefundRequest
from registry.models import Guardianship


@subscribe(CheckoutChanged)
def show_checkout(event: CheckoutChanged) -> None:
    """A step of paying or of giving back."""
    _ring_of_bill(event.bill_id)


def show_request(event: RefundAskedFor | RefundFinished | RefundDeclined) -> None:
    """Money that is to go back, has gone, or stays."""
    _ring_of_bill(RefundRequest.objects.values_list("bill_id", flat=True).get(pk=event.request_id))


def show_refund(event: RefundDone | RefundFailed) -> None:
    """The channel has given back, or cannot; also of a payment that came too late."""
    bill_id = Refund.objects.values_list("order__bill_id", flat=True).get(pk=event.refund_id)
    live.ring(f"bill:{bill_id}")
    _ring_of_bill(bill_id)


subscribe(RefundAskedFor)(show_request)
subscribe(RefundFinished)(show_request)
subscribe(RefundDeclined)(show_request)
subscribe(RefundDone)(show_refund)
subscribe(RefundFailed)(show_refund)


def _ring_of_bill(bill_id: int) -> None:
    """The bell of the lists of those who act for its patient; one statement."""
    rights = Guardianship.objects.filter(patient__encounters__bills=bill_id, ended_at__isnull=True)
    for user_id in rights.values_list("user_id", flat=True):
        live.ring(f"user:{user_id}")
