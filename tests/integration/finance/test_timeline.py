"""The course of one bill: every actor and every message from the quote on, oldest first."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from audit import operations as audit
from audit.models import AuditEntry
from billing.models import Bill
from checkout.states import CheckoutState
from finance.queries.timeline import timeline_of
from finance.queries.timeline.step import Sort
from finance.rules.words import ACCOUNTS
from insurance.models import GatewayMessage
from insurance.states import MessageState
from ledger.rules import AccountKind
from payments.models import Channel, IncidentKind, PaymentIncident, PaymentNotification, PaymentOrder
from tests.factories import reconciliation as made
from tests.factories.encounters import AT
from tests.integration.finance.conftest import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def bill(paid: PaymentOrder, colleague: User) -> Bill:
    """Paid, with something said by everybody."""
    claim = made.claim(at=AT)
    claim.bill_id = paid.bill_id
    claim.save()
    GatewayMessage.objects.create(
        msgid="H33010600001202611200001", transaction_code="2207A", claim=claim, state=MessageState.ANSWERED,
        written_at=AT + timedelta(seconds=3), answered_at=AT + timedelta(seconds=4),
    )  # fmt: skip
    PaymentNotification.objects.create(
        channel="wechat", notification_id="EV-1", event_type="TRANSACTION.SUCCESS", order_number=paid.number,
        received_at=AT + timedelta(seconds=1),
    )  # fmt: skip
    PaymentIncident.objects.create(
        kind=IncidentKind.CONTRADICTED, channel="wechat", order=paid, subject="4200-OTHER", on=DAY,
        first_at=AT + timedelta(seconds=5), last_at=AT + timedelta(seconds=5),
    )  # fmt: skip
    audit.record(
        "payments.order.paid",
        on=paid,
        by=None,
        at=AT + timedelta(seconds=2),
        facts={"transaction": "4200000001"},
    )
    made.checkout(paid.bill, CheckoutState.SETTLED, AT)
    return Bill.objects.get(pk=paid.bill_id)


def test_it_tells_acts_messages_notifications_incidents_and_entries_in_order(bill: Bill) -> None:
    steps = timeline_of(bill)
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    assert {step.sort for step in steps} >= {Sort.ACT, Sort.INSURER, Sort.CHANNEL, Sort.BOOKS}
    messages = " | ".join(step.message for step in steps)
    for said in ("H33010600001202611200001", "EV-1", "4200000001", "4200-OTHER"):
        assert said in messages


def test_money_stands_at_the_steps_that_move_it(bill: Bill) -> None:
    paid = next(step for step in timeline_of(bill) if "4200000001" in step.message)
    assert paid.amount == Decimal("10.00")


def test_accounts_of_the_books_are_named_in_words(bill: Bill) -> None:
    with override("en"):
        booked = {str(step.message) for step in timeline_of(bill) if step.sort == Sort.BOOKS}
        clearing = f"{ACCOUNTS[AccountKind.CHANNEL_CLEARING]} · {Channel.WECHAT.label} + ¥10.00"
    assert any(clearing in message for message in booked), booked
    assert not any("· wechat" in message or "· 02" in message for message in booked)


def test_readings_are_no_steps(bill: Bill, office: Client) -> None:
    before = len(timeline_of(bill))
    assert office.get(reverse("finance:bill", args=[bill.number])).status_code == 200
    assert AuditEntry.objects.filter(action="finance.bill.read").count() == 1
    assert len(timeline_of(bill)) == before


def test_an_act_without_words_goes_by_its_own_name(bill: Bill, colleague: User) -> None:
    audit.record("billing.bill.turned_blue", on=bill, by=colleague, at=AT + timedelta(hours=1))
    last = timeline_of(bill)[-1]
    assert (str(last.what), last.actor) == ("billing.bill.turned_blue", "财务钱")


def test_the_statements_do_not_grow_with_what_happened(bill: Bill) -> None:
    with CaptureQueriesContext(connection) as few:
        timeline_of(bill)
    order = PaymentOrder.objects.get()
    for number in range(5):
        audit.record("payments.order.created", on=order, by=None, at=AT)
        GatewayMessage.objects.create(
            msgid=f"M{number}", transaction_code="2204", claim=bill.claims.get(), written_at=AT
        )
    with CaptureQueriesContext(connection) as many:
        timeline_of(bill)
    assert len(many) == len(few)


def test_the_page_of_a_bill_shows_its_course_masked(bill: Bill, office: Client) -> None:
    text = office.get(reverse("finance:bill", args=[bill.number])).content.decode()
    assert "EV-1" in text
    assert "WeChat Pay" in text
    assert bill.encounter.patient.name not in text


def test_the_course_is_narrowed_to_one_sort(bill: Bill, office: Client) -> None:
    text = office.get(reverse("finance:bill", args=[bill.number]), {"show": "insurer"}).content.decode()
    assert "H33010600001202611200001" in text
    assert "EV-1" not in text
    assert office.get(reverse("finance:bill", args=[bill.number]), {"show": "x"}).status_code == 404


def test_a_bill_that_is_none_is_not_found(office: Client) -> None:
    assert office.get(reverse("finance:bill", args=["B00-000000-00000"])).status_code == 404
