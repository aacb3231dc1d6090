"""A refund that the channel could not give: what it says later, and who may work on it at the same moment."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction

from accounts.models import User
from checkout.models import Checkout
from checkout.operations import lock_checkout
from kernel import clock
from payments.gateway import trade
from payments.gateway.trade import RefundStatus
from payments.models import IncidentKind, PaymentIncident, PaymentOrder, Refund
from payments.operations.by_hand import confirm_by_hand, note_by_hand
from payments.operations.refund_answers import record_answer
from payments.operations.refunds import ask_again
from payments.states import RefundState
from refunds.models import RefundRequest
from refunds.operations import request_refund, send_again
from refunds.states import RefundRequestState
from tests.integration.checkout.conftest import finish_refund

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], None]


def says(refund: Refund, status: RefundStatus) -> None:
    """What the channel notifies of it."""
    fen = int(refund.amount * 100)
    answer = trade.RefundState(refund.number, refund.order.number, "W1", status, fen, fen)
    record_answer(answer, at=clock.now())
    refund.refresh_from_db()


@pytest.fixture
def failed(paid: Checkout, clerk: User) -> Refund:
    """All 30.00 were to go back, and the channel closed the refund."""
    request_refund(
        bill_id=paid.bill_id, situation="doctor_refuses", reason="医生无法接诊", by=clerk, at=clock.now()
    )
    refund = Refund.objects.get()
    says(refund, RefundStatus.CLOSED)
    assert refund.state == RefundState.FAILED
    return refund


def test_what_the_channel_gives_back_after_all_is_done(failed: Refund, clerk: User) -> None:
    """Its operator has completed it: asked for anew, the money would go back twice."""
    says(failed, RefundStatus.SUCCESS)
    assert failed.state == RefundState.DONE
    assert RefundRequest.objects.get().state == RefundRequestState.DONE
    assert ask_again(refund_id=failed.pk, by=clerk, at=clock.now()) is None


def test_what_was_asked_for_anew_and_is_given_back_after_all_is_shown_to_a_person(
    failed: Refund, clerk: User, work: Work
) -> None:
    ask_again(refund_id=failed.pk, by=clerk, at=clock.now())
    says(failed, RefundStatus.SUCCESS)
    assert failed.state == RefundState.FAILED
    incident = PaymentIncident.objects.get(kind=IncidentKind.CONTRADICTED)
    assert incident.subject == failed.number
    finish_refund(work)
    assert Refund.objects.get(replaces=failed).state == RefundState.DONE


def beside(act: Callable[[], object]) -> threading.Thread:
    """The act on a connection of its own, once it waits for a lock."""

    def run() -> None:
        try:
            act()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    for _try in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return thread
        time.sleep(0.01)
    raise AssertionError("nobody waits")


def test_who_confirms_by_hand_does_not_hold_the_order_while_waiting_for_the_checkout(
    failed: Refund, paid: Checkout, clerk: User, colleague: User
) -> None:
    note_by_hand(refund_id=failed.pk, reference="W123", by=clerk, at=clock.now())
    with transaction.atomic():
        lock_checkout(bill_id=paid.bill_id)
        thread = beside(lambda: confirm_by_hand(refund_id=failed.pk, by=colleague, at=clock.now()))
        PaymentOrder.objects.select_for_update(nowait=True).get(pk=failed.order_id)
    thread.join()
    failed.refresh_from_db()
    assert failed.state == RefundState.DONE


def test_who_sends_again_does_not_hold_the_request_while_waiting_for_the_order(
    failed: Refund, clerk: User, colleague: User, work: Work
) -> None:
    request = RefundRequest.objects.get()
    with transaction.atomic():
        PaymentOrder.objects.select_for_update().get(pk=failed.order_id)
        thread = beside(lambda: send_again(request_id=request.pk, by=clerk, at=clock.now()))
        ask_again(refund_id=failed.pk, by=colleague, at=clock.now())
    thread.join()
    finish_refund(work)
    request.refresh_from_db()
    assert request.state == RefundRequestState.DONE
    assert Refund.objects.filter(state=RefundState.DONE).count() == 1
