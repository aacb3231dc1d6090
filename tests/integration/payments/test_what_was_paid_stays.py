"""What the database itself refuses about payments and refunds, said to it in plain SQL past all of our code."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from payments.gateway.trade import RefundState, RefundStatus
from payments.models import PaymentIncident, PaymentOrder, Refund
from payments.operations.refund_answers import record_answer
from tests.factories import billing as charged
from tests.factories.accounts import UserFactory
from tests.factories.encounters import AT

pytestmark = pytest.mark.django_db
TABLES = [
    "payments_paymentorder", "payments_refund", "payments_paymentnotification", "payments_paymentincident",
    "refunds_refundrequest", "refunds_refundline",
]  # fmt: skip


def run(statement: str, *values: Any) -> None:
    """One statement, and everything that a commit would look at."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def refused(words: str, error: type[DatabaseError] = IntegrityError) -> Iterator[None]:
    with pytest.raises(error, match=words):
        yield


@pytest.fixture
def order(db: None) -> PaymentOrder:
    """10.00 yuan, paid."""
    made = PaymentOrder.objects.create(
        bill=charged.bill(), number="P1", channel="alipay", scene="wap", amount=Decimal("10.00"), description="诊费",
        expires_at=AT, created_at=AT, state="paid", transaction_id="T1", paid_at=AT,
    )  # fmt: skip
    run("SELECT 1")
    return made


def give_back(order: PaymentOrder, amount: str, number: str, state: str = "requested") -> None:
    run(
        "INSERT INTO payments_refund (order_id, number, amount, key, reason, state, channel_refund_id, failure,"
        " requested_at, times_asked, hand_reference) VALUES (%s, %s, %s, '', '', %s, '', '', now(), 0, '')",
        order.pk, number, amount, state,
    )  # fmt: skip


@pytest.mark.parametrize(
    "change", ["amount = 9", "channel = 'wechat'", "number = 'P2'", "bill_id = bill_id + 1", "round = 2"]
)
def test_what_was_ordered_stays(order: PaymentOrder, change: str) -> None:
    with refused("Cannot update", DatabaseError):
        run(f"UPDATE payments_paymentorder SET {change}")


@pytest.mark.parametrize("change", ["amount = 9", "number = 'R2'", "order_id = order_id + 1", "key = 'x'"])
def test_what_is_to_go_back_stays(order: PaymentOrder, change: str) -> None:
    give_back(order, "4.00", "R1")
    with refused("Cannot update", DatabaseError):
        run(f"UPDATE payments_refund SET {change}")


def test_no_order_and_no_refund_is_deleted(order: PaymentOrder) -> None:
    give_back(order, "4.00", "R1")
    for table in TABLES[1::-1]:
        with refused("Cannot delete", DatabaseError):
            run(f"DELETE FROM {table}")


@pytest.mark.parametrize("table", TABLES)
def test_no_table_of_payments_is_emptied(order: PaymentOrder, table: str) -> None:
    with refused("is never emptied", DatabaseError):
        run(f"TRUNCATE {table} CASCADE")


def test_refunds_together_are_never_more_than_was_paid(order: PaymentOrder) -> None:
    give_back(order, "6.00", "R1")
    with refused("more of order P1 goes back"):
        give_back(order, "4.01", "R2")
    give_back(order, "4.00", "R2")


def test_a_refund_that_failed_takes_no_room_until_it_is_done_after_all(order: PaymentOrder) -> None:
    give_back(order, "6.00", "R1", state="failed")
    give_back(order, "5.00", "R2")
    for change in ("state = 'done'", "hand_noted_at = now()"):
        with refused("more of order P1 goes back"):
            run(f"UPDATE payments_refund SET {change} WHERE number = 'R1'")
    run("UPDATE payments_refund SET state = 'failed' WHERE number = 'R2'")
    run("UPDATE payments_refund SET state = 'done' WHERE number = 'R1'")


def test_a_failed_refund_is_not_done_after_all_when_others_took_its_place(order: PaymentOrder) -> None:
    give_back(order, "6.00", "R1", state="failed")
    give_back(order, "5.00", "R2")
    record_answer(RefundState("R1", "P1", "", RefundStatus.SUCCESS, 600, 1000), at=AT)
    assert Refund.objects.get(number="R1").state == "failed"
    incident = PaymentIncident.objects.get()
    assert (incident.kind, incident.facts) == ("contradicted", {"refund": "R1", "left": "5.00"})


@pytest.mark.parametrize("state", ["created", "placed", "closed"])
def test_of_an_order_that_is_not_paid_nothing_goes_back(order: PaymentOrder, state: str) -> None:
    run("UPDATE payments_paymentorder SET state = %s", state)
    with refused("more of order P1 goes back"):
        give_back(order, "0.01", "R1")


def test_who_notes_a_refund_by_hand_does_not_confirm_it(order: PaymentOrder) -> None:
    give_back(order, "4.00", "R1", state="failed")
    one, other = UserFactory(), UserFactory()
    noted = "hand_noted_by_id = %s, hand_noted_at = now()"
    confirmed = "hand_confirmed_by_id = %s, hand_confirmed_at = now()"
    for change, people in (
        (f"{noted}, {confirmed}", [one.pk, one.pk]),
        (confirmed, [one.pk]),
        (f"{noted}, hand_confirmed_at = now()", [one.pk]),
    ):
        with refused("refund_by_hand_two_persons"):
            run(f"UPDATE payments_refund SET {change}", *people)
    run(f"UPDATE payments_refund SET {noted}, {confirmed}", one.pk, other.pk)
