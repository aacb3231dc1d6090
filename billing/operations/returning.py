"""Give lines of a paid bill back, by a bill of negative lines."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from billing.events import BillReturned
from billing.models import Bill, BillPurpose, FeeDetail
from billing.operations.numbering import next_number
from billing.queries import charged_lines, standing_parts
from billing.rules import Parts, share_returned
from billing.rules.returns import (
    amounts_returned,
    bill_violations,
    parts_violations,
    quantity_violations,
    worth_violations,
)
from billing.states import BillState
from kernel import events
from kernel.errors import refuse_if_any
from kernel.money import ZERO


@transaction.atomic
def return_lines_of_bill(
    *,
    bill_id: int,
    quantities: Mapping[int, Decimal],
    parts: Parts,
    reason: str,
    by: User | None,
    at: datetime,
) -> Bill:
    """Give units of lines back; the bill itself stays as it was charged, and the return bill names it.

    Args:
        bill_id: a settled bill that is no return itself.
        quantities: units that go back, by number of the line; positive.
        parts: what that changes for each payer, in yuan and negative; sums to what the lines are worth.
        reason: for people, at most 200 characters.
        by: who gives them back; None for the system.
        at: now; the return bill is settled at this moment.

    Raises:
        RulesBroken: BL-01 to BL-05.
    """
    bill = Bill.objects.select_for_update(of=("self",)).get(pk=bill_id)
    is_settled, is_return = bill.state == BillState.SETTLED, bill.reverses_id is not None
    refuse_if_any(bill_violations(is_settled=is_settled, is_return=is_return))
    amounts = _amounts(bill, quantities, parts)
    made = _return_bill(bill, parts, reason, at)
    lines = {line.number: line for line in bill.lines.all()}
    rows = [_given_back(made, lines[number], quantities.get(number, ZERO)) for number in amounts]
    _save(rows, list(amounts.values()), parts)
    facts = {"lines": sorted(quantities), "total": str(parts.total), "returned_by": made.number}
    audit.record("billing.bill.lines_returned", on=bill, by=by, at=at, facts=facts)
    events.publish(BillReturned(made.pk))
    return made


def _amounts(bill: Bill, quantities: Mapping[int, Decimal], parts: Parts) -> dict[int, Decimal]:
    """Yuan that go back by number of the line, when the rules allow it."""
    charged = charged_lines(bill)
    refuse_if_any(quantity_violations(charged, quantities))
    amounts = amounts_returned(charged, quantities)
    refuse_if_any(worth_violations(amounts))
    refuse_if_any(parts_violations(standing_parts(bill.pk), parts, sum(amounts.values(), ZERO)))
    return amounts


def _return_bill(bill: Bill, parts: Parts, reason: str, at: datetime) -> Bill:
    made = Bill(
        number=next_number(bill.encounter_id, at),
        encounter_id=bill.encounter_id,
        purpose=BillPurpose.RETURN,
        reverses=bill,
        reason=reason.strip()[:200],
        total_amount=parts.total,
        state=BillState.SETTLED,
        opened_at=at,
        settled_at=at,
    )
    made.say_parts(parts)
    made.save(force_insert=True)
    return made


def _given_back(made: Bill, line: FeeDetail, quantity: Decimal) -> FeeDetail:
    """The line once more, with the units that go back, if any; its amount follows."""
    asked = dict(line.asked)
    if "quantity" in asked:
        asked["quantity"] = f"{Decimal(asked['quantity']) * quantity / line.quantity:f}"
    copied = {name: getattr(line, name) for name in _COPIED}
    return FeeDetail(bill=made, reverses=line, quantity=-quantity, asked=asked, **copied)


_COPIED = (
    "number", "item_code", "name", "name_en", "specification", "unit", "unit_price", "price_id", "document_id",
    "insurance_code", "insurance_class",
)  # fmt: skip


def _save(rows: Sequence[FeeDetail], amounts: Sequence[Decimal], parts: Parts) -> None:
    negative = [-amount for amount in amounts]
    for row, amount, share in zip(rows, negative, share_returned(negative, parts), strict=True):
        row.amount = amount
        row.say_parts(share)
    FeeDetail.objects.bulk_create(rows)
