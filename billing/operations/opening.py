"""Open a bill from a quote."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from billing.events import BillOpened
from billing.models import Bill, BillPurpose, FeeDetail
from billing.operations.numbering import next_number
from billing.rules import asked_beyond
from kernel import events
from pricing.models import SharingAgreement, StoredQuote
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
    sharing: SharingAgreement | None = None,
) -> Bill:
    """Freeze a quote into a bill; later price changes do not touch it.

    ``asked`` are the lines the quote answers; what they say beyond item and quantity is kept with each line.
    ``stored_quote`` is the quote with everything it was made of (``pricing.operations.keep_quote``).
    ``sharing`` is the agreement by which other institutions have a part of a remote service.

    The number has no gaps (see ``billing.operations.numbering``): open the bill late in a transaction, and call nobody
    outside after it.

    Raises:
        ValueError: the quote has no lines; a bill of nothing is a mistake of the caller.
    """
    if not quote.lines:
        raise ValueError("a bill has lines")
    bill = Bill.objects.create(
        number=next_number(encounter_id, at),
        encounter_id=encounter_id,
        purpose=purpose,
        stored_quote=stored_quote,
        sharing=sharing,
        total_amount=quote.total,
        opened_at=at,
    )
    numbers = {line.reference: number for number, line in enumerate(quote.lines, start=1)}
    said = {line.reference: line for line in asked}
    FeeDetail.objects.bulk_create(
        _frozen(bill, number, line, asked_beyond(line, said.get(line.reference), numbers))
        for number, line in enumerate(quote.lines, start=1)
    )
    facts = {"total": str(bill.total_amount)}
    audit.record("billing.bill.opened", on=bill, by=by, at=at, facts=facts, is_first=True)
    events.publish(BillOpened(bill.pk))
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
