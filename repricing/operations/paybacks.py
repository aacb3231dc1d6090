"""What goes back to her of prices that were too high: through the payment channel, or by the money office."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from billing.models import Bill
from billing.operations import refund_bill
from billing.states import BillState
from kernel import events
from kernel.errors import refuse_if_any
from refunds.models import RefundRequest
from refunds.operations import refund_amount
from refunds.rules.situations import Situation
from repricing.errors import CorrectionRefused
from repricing.events import PaidBackByOffice
from repricing.models import Payback
from repricing.queries.refunds import is_all_back, payback_of_key, refund_key, refund_of
from repricing.rules.asking import payback_violations
from repricing.states import PAYBACK, PaybackEvent, PaybackState


@transaction.atomic
def note_payback(*, payback_id: int, receipt: str, by: User, at: datetime) -> Payback:
    """Note that the money is back with the patient, and by which receipt.

    Raises:
        CorrectionRefused: no receipt is given (RP-12), the channel is giving it back (RP-14), or all of the bill
            goes back (RP-15).
        IllegalTransition: it is paid back already, or withdrawn.
    """
    payback = Payback.objects.select_for_update(of=("self",)).get(pk=payback_id)
    refund = refund_of(payback_id) if payback.state == PaybackState.REQUESTED else None
    wrong = payback_violations(
        receipt=receipt,
        refund_number=refund.number if refund else "",
        is_all_back=is_all_back(payback.bill_id),
    )
    refuse_if_any(wrong, CorrectionRefused)
    payback.state = PAYBACK.after(payback.state, PaybackEvent.PAY)
    payback.receipt, payback.paid_back_by, payback.ended_at = receipt.strip()[:100], by, at
    payback.save(update_fields=["state", "receipt", "paid_back_by", "ended_at"])
    audit.record("repricing.payback.paid_back", on=payback, by=by, at=at, facts={"receipt": payback.receipt})
    events.publish(PaidBackByOffice(payback.pk))
    return payback


def send_to_channel(payback: Payback, *, by: User | None, at: datetime) -> None:
    """Have the channel give it back; where she did not pay through one, the money office does.

    The caller holds the checkout of the bill, if there is one.
    """
    refund_amount(
        bill_id=payback.bill_id, amount=payback.amount, situation=Situation.PRICE_CORRECTED,
        key=refund_key(payback.pk), by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def note_refund(*, request_id: int, at: datetime) -> None:
    """The channel has given back what a corrected price had brought in too much; other refunds are none of this."""
    request = RefundRequest.objects.select_related("payment_refund").get(pk=request_id)
    payback_id = payback_of_key(request.key)
    if payback_id is None:
        return
    payback = Payback.objects.select_for_update(of=("self",)).filter(pk=payback_id).first()
    if payback is None or not PAYBACK.allows(payback.state, PaybackEvent.PAY):
        return
    payback.state = PAYBACK.after(payback.state, PaybackEvent.PAY)
    payback.receipt = request.payment_refund.number if request.payment_refund else request.number
    payback.ended_at = at
    payback.save(update_fields=["state", "receipt", "ended_at"])
    audit.record("repricing.payback.refunded", on=payback, by=None, at=at, facts={"refund": request.number})


@transaction.atomic
def withdraw_paybacks(*, bill_id: int, at: datetime) -> None:
    """The whole bill has gone back: what was still to be paid back of it is not paid twice."""
    open_ones = Payback.objects.select_for_update(of=("self",)).filter(
        bill=bill_id, state=PaybackState.REQUESTED
    )
    for payback in open_ones:
        if refund_of(payback.pk):
            continue  # What the channel gives back of it is not given back a second time with the rest.
        payback.state = PAYBACK.after(payback.state, PaybackEvent.WITHDRAW)
        payback.ended_at = at
        payback.save(update_fields=["state", "ended_at"])
        audit.record("repricing.payback.withdrawn", on=payback, by=None, at=at)


@transaction.atomic
def note_declined(*, request_id: int, at: datetime) -> None:
    """The channel does not give it back by itself; where all of the bill is back, nobody else does, either."""
    request = RefundRequest.objects.select_related("bill").get(pk=request_id)
    if payback_of_key(request.key) and request.bill.state == BillState.REFUNDED:
        withdraw_paybacks(bill_id=request.bill_id, at=at)


@transaction.atomic
def withdraw_supplements(*, bill_id: int, at: datetime) -> None:
    """The whole bill has gone back: what the hospital bore of it is not charged any more, either."""
    borne = Bill.objects.filter(
        corrections__charge__bill=bill_id, corrections__is_borne_by_hospital=True, state=BillState.SETTLED
    )
    for supplement_id in borne.order_by("pk").values_list("pk", flat=True).distinct():
        refund_bill(bill_id=supplement_id, at=at)
