"""Say who pays a bill."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from billing.models import Bill, FeeDetail
from billing.rules import PAYERS, LineFacts, Parts, recognised_at_least, share_parts
from billing.rules.parts import stating_violations
from billing.states import BillState
from kernel.errors import refuse_if_any

COLUMNS = [f"{payer}_amount" for payer in PAYERS]


@transaction.atomic
def state_parts(*, bill_id: int, parts: Parts, in_scope: Mapping[int, Decimal]) -> Bill:
    """Write who pays how much on the bill and its lines; may be said again while the bill is open.

    Args:
        bill_id: the bill.
        parts: in yuan, summing to the bill's total.
        in_scope: line number -> yuan that the insurance recognises; a missing line is 0.

    Raises:
        RulesBroken: BL-06.
        ValueError: the parts do not sum to the lines.
    """
    bill = Bill.objects.select_for_update(of=("self",)).get(pk=bill_id)
    refuse_if_any(stating_violations(is_open=bill.state == BillState.OPEN))
    lines = list(bill.lines.all())
    stated = [LineFacts(line.amount, in_scope.get(line.number, Decimal(0))) for line in lines]
    facts = recognised_at_least(stated, parts.fund)
    for line, share in zip(lines, share_parts(facts, parts), strict=True):
        line.say_parts(share)
    FeeDetail.objects.bulk_update(lines, COLUMNS)
    bill.say_parts(parts)
    bill.save(update_fields=COLUMNS)
    return bill
