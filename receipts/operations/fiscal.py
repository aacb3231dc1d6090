"""The number that a fiscal platform gives a receipt, whoever asked for it."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from kernel.errors import refuse_if_any
from receipts.errors import ReceiptRefused
from receipts.gateway.port import FiscalNumbers
from receipts.models import Receipt
from receipts.rules.numbered import fiscal_violations


@transaction.atomic
def note_fiscal_numbers(*, receipt_id: int, numbers: FiscalNumbers, by: User | None, at: datetime) -> Receipt:
    """Keep what the platform gave; the same numbers again change nothing. Files printed from now on show them.

    Raises:
        ReceiptRefused: RE-03, RE-04.
    """
    receipt = Receipt.objects.select_for_update(of=("self",)).get(pk=receipt_id)
    known = FiscalNumbers(receipt.fiscal_code, receipt.fiscal_number, receipt.fiscal_check_code)
    if known == numbers:
        return receipt
    refuse_if_any(
        fiscal_violations(
            numbers.code,
            numbers.number,
            numbers.check_code,
            is_taken=bool(receipt.fiscal_number),
            is_in_force=receipt.is_in_force,
        ),
        ReceiptRefused,
    )
    receipt.fiscal_code, receipt.fiscal_number = numbers.code, numbers.number
    receipt.fiscal_check_code, receipt.fiscal_assigned_at = numbers.check_code, at
    receipt.save(update_fields=["fiscal_code", "fiscal_number", "fiscal_check_code", "fiscal_assigned_at"])
    facts = {"code": numbers.code, "number": numbers.number}
    audit.record("receipts.receipt.fiscal_number", on=receipt, by=by, at=at, facts=facts)
    return receipt
