"""What the insurer, the channel and the checkout say about money that goes back."""

from checkout.events import CheckoutChanged
from insurance.events import LinesReturned, ReversalRefused
from insurance.models import Claim
from kernel import clock
from kernel.events import subscribe
from payments.events import RefundDone, RefundFailed, RefundRequested
from refunds.operations import following


@subscribe(CheckoutChanged)
def follow_checkout(event: CheckoutChanged) -> None:
    """A whole bill goes back step by step."""
    following.follow_checkout(event.bill_id, at=clock.now())


@subscribe(LinesReturned)
def take_lines(event: LinesReturned) -> None:
    """The insurer has settled again what stays."""
    following.take_lines(event.line_return_id, at=clock.now())


@subscribe(ReversalRefused)
def keep_settlement(event: ReversalRefused) -> None:
    """The insurer takes nothing back."""
    bill_id = Claim.objects.values_list("bill_id", flat=True).get(pk=event.claim_id)
    following.keep_settlement(bill_id, at=clock.now())


@subscribe(RefundRequested)
def take_new_refund(event: RefundRequested) -> None:
    """The channel will be asked."""
    following.take_new_refund(event.refund_id, at=clock.now())


@subscribe(RefundDone)
def take_refund(event: RefundDone) -> None:
    """The money is back with her."""
    following.take_refund(event.refund_id, at=clock.now())


@subscribe(RefundFailed)
def take_failure(event: RefundFailed) -> None:
    """A person must look."""
    following.take_failure(event.refund_id, at=clock.now())
