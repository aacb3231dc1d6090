"""The numbers of a fiscal platform: right in form, given once."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction

from receipts.errors import ReceiptRefused
from receipts.gateway.port import FiscalNumbers
from receipts.models import Receipt
from receipts.operations import issue_receipt, issue_refund_certificate, note_fiscal_numbers
from tests.factories import receipts as making

pytestmark = pytest.mark.django_db
GIVEN = FiscalNumbers("33060226", "0026896566", "c748a8")


def note(receipt: Receipt, numbers: FiscalNumbers) -> Receipt:
    return note_fiscal_numbers(receipt_id=receipt.pk, numbers=numbers, by=None, at=making.REFUNDED_AT)


def receipt() -> Receipt:
    return issue_receipt(bill_id=making.paid_bill().pk, by=None, at=making.SETTLED_AT)


def test_they_are_kept_and_the_same_again_changes_nothing() -> None:
    made = receipt()
    first = note(made, GIVEN)
    assert (first.fiscal_code, first.fiscal_number, first.fiscal_check_code) == (
        "33060226",
        "0026896566",
        "c748a8",
    )
    assert note(made, GIVEN).fiscal_assigned_at == first.fiscal_assigned_at


@pytest.mark.parametrize(
    "wrong",
    [{"code": "3306022"}, {"number": "26896566"}, {"check_code": "c748a"}, {"number": "００26896566"}],
)
def test_re03_the_form_is_asked_for(wrong: dict[str, str]) -> None:
    with pytest.raises(ReceiptRefused) as refusal:
        note(receipt(), replace(GIVEN, **wrong))
    assert [(one.rule, one.field) for one in refusal.value.violations] == [("RE-03", *wrong)]


def test_re04_another_number_is_not_taken_in_its_place() -> None:
    made = receipt()
    note(made, GIVEN)
    with pytest.raises(ReceiptRefused) as refusal:
        note(made, replace(GIVEN, number="0026896567"))
    assert [one.rule for one in refusal.value.violations] == ["RE-04"]
    with pytest.raises(DatabaseError), transaction.atomic():
        Receipt.objects.filter(pk=made.pk).update(fiscal_number="0026896567")


def test_re04_a_receipt_out_of_force_gets_none() -> None:
    bill = making.paid_bill()
    made = issue_receipt(bill_id=bill.pk, by=None, at=making.SETTLED_AT)
    request = making.wholly_refunded(bill)
    issue_refund_certificate(request_id=request.pk, by=None, at=making.REFUNDED_AT)
    with pytest.raises(ReceiptRefused):
        note(made, GIVEN)
