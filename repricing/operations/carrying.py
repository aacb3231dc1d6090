"""Carry out what two persons agreed to, bill by bill; doing it twice does it once."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from audit import operations as audit
from billing.models import Bill, BillPurpose
from billing.operations import lower_price, open_bill, settle_bill, state_parts
from billing.queries import charged_lines, returned_quantities
from billing.rules import Parts
from billing.rules.returns import Charged, Decrease
from billing.states import BillState
from checkout.models import Checkout
from checkout.operations import lock_checkout, open_checkout
from kernel import clock, events, jobs
from kernel.money import ZERO
from repricing.events import OverchargeFound
from repricing.models import Burden, CorrectionBatch, CorrectionLine, Payback
from repricing.operations.drafting import locked, move
from repricing.operations.paybacks import send_to_channel
from repricing.queries.corrected import standing_parts
from repricing.queries.lines import pending_lines
from repricing.queries.refunds import gives_back
from repricing.rules.supplementing import Supplemented, supplement
from repricing.states import BatchEvent, BatchState

logger = logging.getLogger(__name__)

BILLS_AT_ONCE = 50


@transaction.atomic
def carry_out(*, batch_id: int, by: User, at: datetime) -> CorrectionBatch:
    """Have the reviewed list carried out by a job: supplementary bills, and requests to pay back.

    Raises:
        IllegalTransition: the list is not reviewed.
    """
    batch = locked(batch_id)
    move(batch, BatchEvent.CARRY_OUT, by=by, at=at, carried_out_by=by, carried_out_at=at)
    jobs.enqueue("repricing.carry_out", batch_id=batch.pk)
    return batch


def carry_out_next(*, batch_id: int) -> None:
    """Some bills of a batch, each in a transaction of its own; a job that follows does the rest."""
    bills = list(
        pending_lines(batch_id)
        .order_by("charge__bill")
        .values_list("charge__bill", flat=True)
        .distinct()[:BILLS_AT_ONCE]
    )
    for bill_id in bills:
        try:
            _carry_out_bill(batch_id, bill_id, clock.now())
        except Exception:
            logger.exception("correction of bill %s failed; the others go on", bill_id)
            pending_lines(batch_id).filter(charge__bill=bill_id).update(skipped="failed")
    if bills:
        jobs.enqueue("repricing.carry_out", batch_id=batch_id)
    else:
        _finish(batch_id, clock.now())


@transaction.atomic
def _finish(batch_id: int, at: datetime) -> None:
    batch = locked(batch_id)
    if batch.state == BatchState.CARRYING_OUT:
        move(batch, BatchEvent.FINISH, by=None, at=at)


@transaction.atomic
def _carry_out_bill(batch_id: int, bill_id: int, at: datetime) -> None:
    """All lines of one bill, under its lock: two batches never correct one charge at once."""
    if Checkout.objects.filter(bill=bill_id).exists():
        lock_checkout(bill_id=bill_id)  # Before the bill: the order in which money locks.
    bill = Bill.objects.select_for_update(of=("self",)).select_related("encounter").get(pk=bill_id)
    batch = CorrectionBatch.objects.get(pk=batch_id)
    if batch.state != BatchState.CARRYING_OUT:
        return
    lines = _right_lines(bill, pending_lines(batch_id).filter(charge__bill=bill))
    more = [line for line in lines if line.difference_amount > 0]
    supplementary = _supplementary_bill(batch, bill, more, at)
    for line in lines:
        line.carried_out_at = at
        is_more = line.difference_amount > 0
        line.supplementary_bill = supplementary if is_more else None
        line.is_borne_by_hospital = is_more and batch.increases_borne_by == Burden.HOSPITAL
    fields = ["carried_out_at", "supplementary_bill", "is_borne_by_hospital"]
    CorrectionLine.objects.bulk_update(lines, fields)
    _lower(batch, bill, [line for line in lines if line.difference_amount < 0], at)
    facts = {"batch": batch.number, "difference": str(sum((each.difference_amount for each in lines), ZERO))}
    audit.record("repricing.bill.corrected", on=bill, by=batch.carried_out_by, at=at, facts=facts)


def _right_lines(bill: Bill, pending: QuerySet[CorrectionLine]) -> list[CorrectionLine]:
    """The lines whose charge still stands as it did when they were listed; the others are marked and left."""
    lines = list(pending.select_related("charge__bill", "price__item", "document"))
    standing = standing_parts(line.charge for line in lines)
    returned, is_returning = returned_quantities(bill.pk), gives_back(bill.pk)
    charged = charged_lines(bill)
    right: list[CorrectionLine] = []
    for line in lines:
        if bill.state != BillState.SETTLED:
            _skip(line, "bill_changed")
        elif line.charge.number in returned:
            _skip(line, "units_returned")
        elif is_returning:
            _skip(line, "refund_open")
        elif standing[line.charge_id].total != line.standing_amount:
            _skip(line, "corrected_since")
        elif _exceeds(line, charged[line.charge.number]):
            _skip(line, "more_than_charged")
        else:
            right.append(line)
    return right


def _exceeds(line: CorrectionLine, charged: Charged) -> bool:
    """Whether lower prices would take more off the line than it cost: a supplementary bill has charged the rest."""
    return line.difference_amount < 0 and charged.decrease.amount - line.difference_amount > charged.amount


def _skip(line: CorrectionLine, why: str) -> None:
    line.skipped = why
    line.save(update_fields=["skipped"])


def _supplementary_bill(
    batch: CorrectionBatch, bill: Bill, lines: Sequence[CorrectionLine], at: datetime
) -> Bill | None:
    """A bill of the differences; None where nothing was too low.

    Where the hospital bears them it pays the bill at once. Else, without a share of the insurance, the patient can pay
    it at once; with one, the insurance office settles first.
    """
    if not lines:
        return None
    quote = supplement([_supplemented(line) for line in lines], batch.revision.number)
    made = open_bill(
        encounter_id=bill.encounter_id, purpose=BillPurpose.CORRECTION, quote=quote, by=batch.carried_out_by, at=at
    )  # fmt: skip
    if batch.increases_borne_by == Burden.HOSPITAL:
        borne = Parts(ZERO, ZERO, ZERO, institution=made.total_amount)
        state_parts(bill_id=made.pk, parts=borne, in_scope={})
        return settle_bill(bill_id=made.pk, at=at)
    if all(line.fund_difference == 0 and line.account_difference == 0 for line in lines):
        pay_by = at + timedelta(days=settings.CORRECTION_PAYMENT_DAYS)
        open_checkout(bill_id=made.pk, uses_insurance=False, pay_by=pay_by, by=batch.carried_out_by, at=at)
    return made


def _lower(batch: CorrectionBatch, bill: Bill, lines: Sequence[CorrectionLine], at: datetime) -> None:
    """Charges that were too high: kept with the lines, for whenever they go back, and her cash share sent to her."""
    for line in lines:
        decrease = Decrease(-line.difference_amount, -line.cash_difference)
        lower_price(line_id=line.charge_id, decrease=decrease, key=f"correction:{line.pk}", at=at)
    _ask_to_pay_back(batch, bill, lines, at)


def _ask_to_pay_back(
    batch: CorrectionBatch, bill: Bill, lines: Sequence[CorrectionLine], at: datetime
) -> None:
    """Her cash share of what was too much: through the channel by which she paid, or for the money office."""
    amount = -sum((line.cash_difference for line in lines), ZERO)
    if amount > 0:
        payback = Payback.objects.create(batch=batch, bill=bill, amount=amount, requested_at=at)
        audit.record(
            "repricing.payback.requested",
            on=payback, by=batch.carried_out_by, at=at, facts={"amount": str(amount)},
        )  # fmt: skip
        events.publish(OverchargeFound(payback.pk))
        send_to_channel(payback, by=batch.carried_out_by, at=at)


def _supplemented(line: CorrectionLine) -> Supplemented:
    """Plain values of a line with its charge, price and document selected."""
    charge = line.charge
    if line.right_amount is None or line.price is None or line.document is None:
        raise ValueError("a line without a right amount is never carried out")
    return Supplemented(
        reference=str(line.pk),
        item_code=charge.item_code,
        name=charge.name,
        name_en=charge.name_en,
        specification=charge.specification,
        unit=charge.unit,
        insurance_code=charge.insurance_code,
        insurance_class=line.price.insurance_class,
        charge_type=line.price.item.charge_type,
        standing=line.standing_amount,
        right=line.right_amount,
        price_id=line.price.pk,
        document_id=line.document.pk,
        document_number=line.document.number,
        bill_number=charge.bill.number,
    )
