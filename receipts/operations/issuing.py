"""Issuing a receipt, once for what stands."""

import secrets
from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from billing.models import Bill
from billing.states import BillState
from kernel import clock
from kernel.errors import refuse_if_any
from kernel.numbering import next_in
from receipts.errors import ReceiptRefused
from receipts.models import Receipt
from receipts.queries.gathering import content_of
from receipts.rules.content import Content, as_json, fingerprint_of
from receipts.rules.numbered import issue_violations, receipt_number
from receipts.states import ReceiptKind

_CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0, 1, I and O: a person may have to type it."""
_CODE_LENGTH = 16
"""16 of 32 letters are 80 bits: nobody finds one by trying."""


@transaction.atomic
def issue_receipt(*, bill_id: int, by: User | None, at: datetime) -> Receipt:
    """The receipt in force of a settled bill; asked again, the same.

    Raises:
        ReceiptRefused: RE-01, the bill is not paid by everybody, or everything went back.
    """
    bill = locked_bill(bill_id)
    standing = Receipt.objects.standing().filter(bill=bill).first()
    if standing is not None:
        return standing
    is_settled = bill.state == BillState.SETTLED and not Receipt.objects.filter(bill=bill).exists()
    refuse_if_any(issue_violations(is_settled=is_settled), ReceiptRefused)
    return write(bill, ReceiptKind.RECEIPT, content_of(bill), new_number(bill, at), by=by, at=at)


@transaction.atomic
def issue_if_settled(*, bill_id: int, at: datetime) -> Receipt | None:
    """The receipt of a bill, if there is one to make by now: it may have gone back since the job was sent."""
    bill = locked_bill(bill_id)
    if bill.state != BillState.SETTLED:
        return None
    return issue_receipt(bill_id=bill_id, by=None, at=at)


def locked_bill(bill_id: int) -> Bill:
    """The bill, for whoever issues or takes a receipt of it out of force: one after another."""
    joined = Bill.objects.select_related("encounter__institution")
    return joined.select_for_update(of=("self",), no_key=True).get(pk=bill_id)


def new_number(bill: Bill, at: datetime) -> str:
    """The next number of the bill's institution in the year; ask for it last, its counter stays locked."""
    institution, year_begins = bill.encounter.institution, clock.day_of(at).replace(month=1, day=1)
    serial = next_in(f"receipt:{institution.pk}", on=year_begins)
    return receipt_number(institution.code, year_begins.year, serial)


def write(
    bill: Bill,
    kind: ReceiptKind,
    content: Content,
    number: str,
    *,
    by: User | None,
    at: datetime,
    follows: Receipt | None = None,
    request_id: int | None = None,
) -> Receipt:
    """Freeze a content under a number."""
    kept = as_json(content)
    receipt = Receipt.objects.create(
        institution=bill.encounter.institution,
        number=number,
        kind=kind.value,
        bill=bill,
        follows=follows,
        refund_request_id=request_id,
        total_amount=content.total,
        content=kept,
        content_sha256=fingerprint_of(kept),
        verification_code="".join(secrets.choice(_CODE_LETTERS) for _letter in range(_CODE_LENGTH)),
        issued_at=at,
        issued_by=by,
    )
    audit.record(
        "receipts.receipt.issued", on=receipt, by=by, at=at,
        facts={"number": number, "kind": kind.value, "total": str(content.total)},
    )  # fmt: skip
    return receipt
