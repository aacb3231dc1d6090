"""Every event of money goes into the books, in the transaction in which it happens."""

from billing.events import BillGivenBack, BillOpened, BillPaid, BillReturned, BillVoided
from finance.operations import books
from insurance.events import ClaimReversed, ClaimSettled
from kernel import clock
from kernel.events import subscribe
from payments.events import OrderPaid, PaidAfterClosing, RefundDone, RefundFailed, RefundRequested
from reconciliation.events import DifferenceBooked
from repricing.events import OverchargeFound, PaidBackByOffice


@subscribe(BillOpened)
def announce_charge(event: BillOpened) -> None:
    """What is charged is pending until the bill is paid."""
    books.book_opened(event.bill_id)


@subscribe(BillPaid)
def count_charge(event: BillPaid) -> None:
    """What was announced counts."""
    books.book_paid(event.bill_id)


@subscribe(BillVoided)
def drop_charge(event: BillVoided) -> None:
    """What was announced never counts."""
    books.book_voided(event.bill_id, at=clock.now())


@subscribe(BillReturned)
def take_back_lines(event: BillReturned) -> None:
    """Lines that are given back are not earned."""
    books.book_returned(event.bill_id)


@subscribe(BillGivenBack)
def take_back_bill(event: BillGivenBack) -> None:
    """Nothing of the bill is earned any more."""
    books.book_given_back(event.bill_id)


@subscribe(ClaimSettled)
def owe_by_insurer(event: ClaimSettled) -> None:
    """The insurer owes its part."""
    books.book_claim(event.claim_id)


@subscribe(ClaimReversed)
def owe_no_more_by_insurer(event: ClaimReversed) -> None:
    """The insurer owes nothing of it any more."""
    books.book_claim(event.claim_id)


@subscribe(OrderPaid)
def hold_at_channel(event: OrderPaid) -> None:
    """The channel holds her share."""
    books.book_order_paid(event.order_id)


@subscribe(PaidAfterClosing)
def hold_late_payment(event: PaidAfterClosing) -> None:
    """The channel holds what came too late, until it is given back."""
    books.book_order_paid(event.order_id)


@subscribe(RefundRequested)
def owe_refund(event: RefundRequested) -> None:
    """Her money is owed to her."""
    books.book_refund_requested(event.refund_id)


@subscribe(RefundDone)
def pay_refund(event: RefundDone) -> None:
    """The channel has given it back."""
    books.book_refund_done(event.refund_id)


@subscribe(RefundFailed)
def free_refund(event: RefundFailed) -> None:
    """No refund is under way any more."""
    books.book_refund_failed(event.refund_id, at=clock.now())


@subscribe(OverchargeFound)
def drop_overcharge(event: OverchargeFound) -> None:
    """What she paid too much is not earned."""
    books.book_overcharge(event.payback_id)


@subscribe(PaidBackByOffice)
def pay_by_office(event: PaidBackByOffice) -> None:
    """It left the bank."""
    books.book_paid_back_by_office(event.payback_id)


@subscribe(DifferenceBooked)
def take_their_word(event: DifferenceBooked) -> None:
    """What a person booked of a difference."""
    books.book_difference(event.entry_id)
