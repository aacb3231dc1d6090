"""What the money office pays back."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from kernel.errors import refuse_if_any
from repricing.errors import CorrectionRefused
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
