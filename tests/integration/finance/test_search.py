"""A bill is found by anything that names it, in two statements, and shown masked."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.models import Bill
from finance.queries.search import find
from insurance.models import Claim, Settlement
from payments.models import PaymentOrder, Refund
from receipts.models import Receipt
from tests.factories import reconciliation as made
from tests.factories.registry import GuardianshipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def bill(db: None) -> Bill:
    """A bill with everything that can hang on one."""
    claim = made.claim()
    made.settlement(claim)
    order = made.order(claim.bill)
    made.refund(order)
    patient = claim.bill.encounter.patient
    GuardianshipFactory(patient=patient)
    Receipt.objects.create(
        institution=claim.bill.encounter.institution, number="R01-2026-0000001", kind="receipt",
        bill=claim.bill, total_amount="10.00", content={}, content_sha256="0" * 64, verification_code="abc123",
        issued_at=made.NOON,
    )  # fmt: skip
    return claim.bill


def _found(words: str) -> list[str]:
    return [hit.bill.number for hit in find(words)]


def _names(bill: Bill) -> dict[str, str]:
    order, refund = PaymentOrder.objects.get(), Refund.objects.get()
    claim = Claim.objects.get()
    user = bill.encounter.patient.guardianships.get().user
    return {
        "bill": bill.number,
        "beginning of a bill": bill.number[:4],
        "bill in small letters": bill.number.lower(),
        "visit": bill.encounter.number,
        "order": order.number,
        "channel's number": order.transaction_id or "",
        "refund": refund.number,
        "channel's refund": refund.channel_refund_id,
        "batch": claim.batch_number,
        "message": claim.settle_msgid or "",
        "settlement": Settlement.objects.get().number,
        "receipt": "R01-2026-0000001",
        "name": bill.encounter.patient.name,
        "family name": bill.encounter.patient.name[0],
        "identity number": bill.encounter.patient.id_number,
        "mobile": user.mobile,
        "mobile with spaces": f" {user.mobile[:3]} {user.mobile[3:7]} {user.mobile[7:]} ",
    }


@pytest.mark.parametrize(
    "way",
    [
        "bill", "beginning of a bill", "bill in small letters", "visit", "order", "channel's number", "refund",
        "channel's refund", "batch", "message", "settlement", "receipt", "name", "family name",
        "identity number", "mobile", "mobile with spaces",
    ],
)  # fmt: skip
def test_a_bill_is_found_by(bill: Bill, way: str) -> None:
    assert _found(_names(bill)[way]) == [bill.number]


@pytest.mark.parametrize("words", ["", "   ", "B", "13", "%", "____", "没有这个人", "' OR 1=1 --", "9" * 80])
def test_what_names_nothing_finds_nothing(bill: Bill, words: str) -> None:
    assert _found(words) == []


def test_part_of_an_identity_number_finds_nothing(bill: Bill) -> None:
    assert _found(bill.encounter.patient.id_number[:10]) == []


def test_finding_takes_two_statements_however_many_bills_are_found(bill: Bill) -> None:
    name = bill.encounter.patient.name
    for _more in range(3):
        namesake = made.claim().bill.encounter.patient
        namesake.name = name
        namesake.save()
    with CaptureQueriesContext(connection) as made_statements:
        assert len(_found(name)) == 4
    assert len(made_statements) == 2


def test_the_page_masks_who_was_found(bill: Bill, office: Client) -> None:
    patient = bill.encounter.patient
    text = office.get(reverse("finance:search"), {"q": patient.name}).content.decode()
    assert str(patient) in text
    assert text.count(patient.name) == 1, "only in the field she typed it into"
    assert patient.id_number not in text


def test_the_page_takes_what_is_typed_as_text(bill: Bill, office: Client) -> None:
    reply = office.get(reverse("finance:search"), {"q": "<script>\0" + "9" * 300})
    assert reply.status_code == 200
    assert "<script>9" not in reply.content.decode()
