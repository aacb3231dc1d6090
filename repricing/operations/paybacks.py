"""What the money office pays back."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from billing.models import Bill
from billing.operations import refund_bill
from billing.states import BillState
from kernel import events
from kernel.errors import refuse_if_any
from repricing.errors import CorrectionRefused
from repricing.events import PaidBackByOffice
from repricing.models import Payback
from repricing.rules.asking import payback_violations
from repricing.states import PAYBACK, PaybackEvent, PaybackState


@transaction.atomic
def note_payback(*, payback_id: int, receipt: str, by: User, at: datetime) -> Payback:
    """Note that the money is back with the patient, and by which receipt.

    Raises:
        CorrectionRefused: no receipt is given (RP-12).
        IllegalTransition: it is paid back already, or withdrawn.
    """
    refuse_if_any(payback_violations(receipt=receipt), CorrectionRefused)
    payback = Payback.objects.select_for_update(of=("self",)).get(pk=payback_id)
    payback.state = PAYBACK.after(payback.state, PaybackEvent.PAY)
    payback.receipt, payback.paid_back_by, payback.ended_at = receipt.strip()[:100], by, at
    payback.save(update_fields=["state", "receipt", "paid_back_by", "ended_at"])
    audit.record("repricing.payback.paid_back", on=payback, by=by, at=at, facts={"receipt": payback.receipt})
    events.publish(PaidBackByOffice(payback.pk))
    return payback


@transaction.atomic
def withdraw_paybacks(*, bill_id: int, at: datetime) -> None:
    """The whole bill has gone back: what was still to be paid back of it is not paid twice."""
    open_ones = Payback.objects.select_for_update(of=("self",)).filter(
        bill=bill_id, state=PaybackState.REQUESTED
    )
    for payback in open_ones:
        payback.state = PAYBACK.after(payback.state, PaybackEvent.WITHDRAW)
        payback.ended_at = at
        payback.save(update_fields=["state", "ended_at"])
        audit.record("repricing.payback.withdrawn", on=payback, by=None, at=at)


@transaction.atomic
def withdraw_supplements(*, bill_id: int, at: datetime) -> None:
    """The whole bill has gone back: what the hospital bore of it is not charged any more, either."""
    borne = Bill.objects.filter(
        corrections__charge__bill=bill_id, corrections__is_borne_by_hospital=True, state=BillState.SETTLED
    )
    for supplement_id in borne.order_by("pk").values_list("pk", flat=True).distinct():
        refund_bill(bill_id=supplement_id, at=at)
