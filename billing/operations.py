"""What billing can do: open a bill from a quote, say who pays, and close it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from billing.models import Bill, BillPurpose, FeeDetail
from billing.rules import LineFacts, Parts, asked_beyond, recognised_at_least, share_parts
from billing.states import BILL, BillEvent
from kernel.identifiers import new_number
from pricing.models import StoredQuote
from pricing.rules.facts import Quote, QuotedLine, ServiceLine, Step
from registry.models import Patient


def lock_charges(*, patient_id: int) -> None:
    """Whoever charges to this patient goes one after another, until the end of the transaction.

    Call it before every other lock, then ask what was charged before, price, and open the bill: of two requests
    for an item that is charged once, the second one sees the bill of the first.
    """
    Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=patient_id)


@transaction.atomic
def open_bill(
    *,
    encounter_id: int,
    purpose: BillPurpose,
    quote: Quote,
    by: User | None,
    at: datetime,
    asked: Sequence[ServiceLine] = (),
    stored_quote: StoredQuote | None = None,
) -> Bill:
    """Freeze a quote into a bill; later price changes do not touch it.

    ``asked`` are the lines the quote answers; what they say beyond item and quantity is kept with each line.
    ``stored_quote`` is the quote with everything it was made of (``pricing.operations.keep_quote``).

    Raises:
        ValueError: the quote has no lines; a bill of nothing is a mistake of the caller.
    """
    if not quote.lines:
        raise ValueError("a bill has lines")
    bill = Bill.objects.create(
        number=new_number("B", at),
        encounter_id=encounter_id,
        purpose=purpose,
        stored_quote=stored_quote,
        total_amount=quote.total,
        opened_at=at,
    )
    numbers = {line.reference: number for number, line in enumerate(quote.lines, start=1)}
    said = {line.reference: line for line in asked}
    FeeDetail.objects.bulk_create(
        _frozen(bill, number, line, asked_beyond(line, said.get(line.reference), numbers))
        for number, line in enumerate(quote.lines, start=1)
    )
    audit.record("billing.bill.opened", on=bill, by=by, at=at, facts={"total": str(bill.total_amount)})
    return bill


def _frozen(bill: Bill, number: int, line: QuotedLine, asked: dict[str, str]) -> FeeDetail:
    """Everything that set the line's price, copied."""
    return FeeDetail(
        bill=bill,
        number=number,
        item_code=line.item_code,
        name=line.name,
        name_en=line.name_en,
        specification=line.specification,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        amount=line.amount,
        price_id=line.price_id,
        document_id=line.document_id,
        steps=[_step(step) for step in line.steps],
        insurance_code=line.insurance_code,
        insurance_class=line.insurance_class,
        asked=asked,
    )


def _step(step: Step) -> dict[str, str]:
    """A step as JSON; the amount as text, money is never a float."""
    return {name: str(value) for name, value in asdict(step).items()}


@transaction.atomic
def state_parts(*, bill_id: int, parts: Parts, in_scope: Mapping[int, Decimal]) -> Bill:
    """Write who pays how much on the bill and its lines; may be said again until the bill is settled.

    Args:
        bill_id: the bill.
        parts: in yuan, summing to the bill's total.
        in_scope: line number -> yuan that the insurance recognises; a missing line is 0.

    Raises:
        ValueError: the parts do not sum to the lines.
    """
    bill = Bill.objects.select_for_update(of=("self",)).get(pk=bill_id)
    lines = list(bill.lines.all())
    stated = [LineFacts(line.amount, in_scope.get(line.number, Decimal(0))) for line in lines]
    facts = recognised_at_least(stated, parts.fund)
    for line, share in zip(lines, share_parts(facts, parts), strict=True):
        line.fund_amount, line.account_amount, line.cash_amount = share.fund, share.account, share.cash
    FeeDetail.objects.bulk_update(lines, ["fund_amount", "account_amount", "cash_amount"])
    bill.fund_amount, bill.account_amount, bill.cash_amount = parts.fund, parts.account, parts.cash
    bill.save(update_fields=["fund_amount", "account_amount", "cash_amount"])
    return bill


def settle_bill(*, bill_id: int, at: datetime) -> Bill:
    """Everything of the bill is paid.

    Raises:
        IllegalTransition: the bill is not open.
    """
    return _move(bill_id, BillEvent.SETTLE, "settled_at", at)


def refund_bill(*, bill_id: int, at: datetime) -> Bill:
    """Everything of the settled bill is back with those who paid.

    Raises:
        IllegalTransition: the bill is not settled.
    """
    return _move(bill_id, BillEvent.REFUND, "refunded_at", at)


def void_bill(*, bill_id: int, at: datetime) -> Bill:
    """The bill will never be settled.

    Raises:
        IllegalTransition: the bill is not open.
    """
    return _move(bill_id, BillEvent.VOID, None, at)


@transaction.atomic
def _move(bill_id: int, event: BillEvent, moment: str | None, at: datetime) -> Bill:
    """One step of the bill's life, recorded."""
    bill = Bill.objects.select_for_update(of=("self",)).get(pk=bill_id)
    bill.state = BILL.after(bill.state, event)
    if moment:
        setattr(bill, moment, at)
    bill.save(update_fields=["state", *([moment] if moment else [])])
    audit.record(f"billing.bill.{bill.state}", on=bill, by=None, at=at)
    return bill
