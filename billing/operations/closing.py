"""Ends of a bill: everything is paid, everything is back, or nothing was ever paid."""

from datetime import datetime

from django.db import transaction

from audit import operations as audit
from billing.events import BillGivenBack, BillPaid, BillVoided
from billing.models import Bill
from billing.states import BILL, BillEvent
from kernel import events


@transaction.atomic
def settle_bill(*, bill_id: int, at: datetime) -> Bill:
    """Everything of the bill is paid.

    Raises:
        IllegalTransition: the bill is not open.
    """
    bill = _move(bill_id, BillEvent.SETTLE, "settled_at", at)
    events.publish(BillPaid(bill.pk))
    return bill


@transaction.atomic
def refund_bill(*, bill_id: int, at: datetime) -> Bill:
    """Everything of the settled bill is back with those who paid.

    Raises:
        IllegalTransition: the bill is not settled.
    """
    bill = _move(bill_id, BillEvent.REFUND, "refunded_at", at)
    events.publish(BillGivenBack(bill.pk))
    return bill


@transaction.atomic
def void_bill(*, bill_id: int, at: datetime) -> Bill:
    """The bill will never be settled.

    Raises:
        IllegalTransition: the bill is not open.
    """
    bill = _move(bill_id, BillEvent.VOID, None, at)
    events.publish(BillVoided(bill.pk))
    return bill


def _move(bill_id: int, event: BillEvent, moment: str | None, at: datetime) -> Bill:
    """One step of the bill's life, recorded."""
    bill = Bill.objects.select_for_update(of=("self",)).get(pk=bill_id)
    bill.state = BILL.after(bill.state, event)
    if moment:
        setattr(bill, moment, at)
    bill.save(update_fields=["state", *([moment] if moment else [])])
    audit.record(f"billing.bill.{bill.state}", on=bill, by=None, at=at)
    return bill
