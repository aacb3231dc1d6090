"""A refund that the channel could not give: what it says later, and who may work on it at the same moment."""

import threading
import time
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection, connections, transaction

from accounts.models import User
from billing.operations import lower_price
from billing.rules.returns import Decrease
from checkout.models import Checkout
from checkout.operations import lock_checkout, push
from checkout.states import CheckoutState
from kernel import clock, events
from payments.gateway import trade
from payments.gateway.trade import RefundStatus
from payments.models import IncidentKind, PaymentIncident, PaymentOrder, Refund
from payments.operations.by_hand import confirm_by_hand, note_by_hand
from payments.operations.refund_answers import record_answer
from payments.operations.refunds import ask_again
from payments.queries.desk import failed_refunds
from payments.states import RefundState
from refunds.models import RefundRequest
from refunds.operations import decline, refund_amount, refund_by_policy, request_refund, send_again
from refunds.operations.steps import INSTEAD
from refunds.rules.situations import Situation
from refunds.states import RefundRequestState
from repricing.errors import CorrectionRefused
from repricing.events import OverchargeFound
from repricing.models import CorrectionBatch, Payback
from repricing.operations.paybacks import note_payback, send_to_channel
from repricing.states import BatchState, PaybackState
from tests.factories.repricing import revision
from tests.integration.checkout.conftest import finish_refund
from tests.integration.money.sums import faults_at_rest
from tests.integration.refunds.conftest import amounts
from tests.verification.simulators import Simulators

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


def part_fails(paid: Checkout, yuan: str, clerk: User) -> Refund:
    """An amount of her cash was to go back, and the channel closed the refund."""
    refund_amount(
        bill_id=paid.bill_id, amount=Decimal(yuan), situation=Situation.PRICE_CORRECTED, key=f"part of {yuan}",
        by=clerk, at=clock.now(),
    )  # fmt: skip
    refund = Refund.objects.latest("pk")
    says(refund, RefundStatus.CLOSED)
    return refund


def whole_fails(paid: Checkout) -> Refund:
    """All of the bill was to go back, what had failed before with it, and the channel closed that refund, too."""
    refund_by_policy(bill_id=paid.bill_id, situation=Situation.DOCTOR_REFUSES, by=None, at=clock.now())
    refund = Refund.objects.latest("pk")
    assert refund.amount == Decimal("30.00")
    says(refund, RefundStatus.CLOSED)
    return refund


def done(order: PaymentOrder) -> list[Decimal]:
    """Yuan of each refund that is back with her."""
    rows = Refund.objects.filter(order=order, state=RefundState.DONE).order_by("pk")
    return list(rows.values_list("amount", flat=True))


def cash_of(scope: str) -> tuple[str, Decimal]:
    """Where the last request of a scope stands, and how much of her cash it says is back."""
    request = RefundRequest.objects.filter(scope=scope).latest("pk")
    return request.state, request.cash_amount


def test_pushing_asks_for_the_whole_before_the_part_that_it_takes_in(
    paid: Checkout, clerk: User, work: Work, simulators: Simulators
) -> None:
    part_fails(paid, "3.00", clerk)
    whole_fails(paid)
    push(checkout_id=paid.pk, by=clerk, at=clock.now())
    finish_refund(work)
    paid.refresh_from_db()
    order = PaymentOrder.objects.get()
    assert (paid.state, done(order)) == (CheckoutState.REFUNDED, [Decimal("30.00")])
    assert cash_of("whole") == (RefundRequestState.DONE, Decimal("30.00"))
    assert RefundRequest.objects.get(scope="cash").state == RefundRequestState.DECLINED
    assert not failed_refunds().exists(), "nothing is left for a person to do"
    assert not list(faults_at_rest(paid.bill, simulators))


def test_the_whole_is_asked_for_anew_as_far_as_a_part_has_left_it(
    paid: Checkout, clerk: User, work: Work, simulators: Simulators
) -> None:
    part, whole = part_fails(paid, "3.00", clerk), whole_fails(paid)
    ask_again(refund_id=part.pk, by=clerk, at=clock.now())
    finish_refund(work)
    paid.refresh_from_db()
    assert paid.state == CheckoutState.REFUNDING
    ask_again(refund_id=whole.pk, by=clerk, at=clock.now())
    finish_refund(work)
    paid.refresh_from_db()
    assert (paid.state, done(whole.order)) == (CheckoutState.REFUNDED, [Decimal("3.00"), Decimal("27.00")])
    assert cash_of("cash") == (RefundRequestState.DONE, Decimal("3.00"))
    assert cash_of("whole") == (RefundRequestState.DONE, Decimal("27.00"))
    assert not list(faults_at_rest(paid.bill, simulators))


def test_the_whole_ends_when_its_parts_have_left_nothing_of_it(
    paid: Checkout, clerk: User, work: Work, simulators: Simulators
) -> None:
    parts = [part_fails(paid, yuan, clerk) for yuan in ("3.00", "27.00")]
    whole = whole_fails(paid)
    for part in parts:
        ask_again(refund_id=part.pk, by=clerk, at=clock.now())
    assert ask_again(refund_id=whole.pk, by=clerk, at=clock.now()) is None
    finish_refund(work)
    paid.refresh_from_db()
    assert (paid.state, done(whole.order)) == (CheckoutState.REFUNDED, [Decimal("3.00"), Decimal("27.00")])
    assert cash_of("whole") == (RefundRequestState.DONE, Decimal("0.00")), "her cash is said once"
    assert amounts(whole.order)[3:] == [Decimal("3.00"), Decimal("27.00")]
    assert not failed_refunds().exists()
    assert not list(faults_at_rest(paid.bill, simulators))


@pytest.fixture
def payback(paid: Checkout, clerk: User) -> Payback:
    """A price was 3.00 too high; the channel closed the refund of it."""
    now = clock.now()
    batch = CorrectionBatch.objects.create(
        number="K1", revision=revision(), drafted_at=now, state=BatchState.CARRIED_OUT
    )
    lower = Decrease(Decimal("3.00"), Decimal("3.00"))
    with transaction.atomic():
        lock_checkout(bill_id=paid.bill_id)
        lower_price(line_id=paid.bill.lines.get(number=1).pk, decrease=lower, key="correction:1", at=now)
        made = Payback.objects.create(batch=batch, bill=paid.bill, amount=Decimal("3.00"), requested_at=now)
        events.publish(OverchargeFound(made.pk))
        send_to_channel(made, by=clerk, at=now)
    says(Refund.objects.get(), RefundStatus.CLOSED)
    return made


def refuses_payback(payback: Payback, clerk: User) -> list[str]:
    """The rules by which the office may not pay it by bank."""
    with pytest.raises(CorrectionRefused) as refused:
        note_payback(payback_id=payback.pk, receipt="0031", by=clerk, at=clock.now())
    return [broken.rule for broken in refused.value.violations]


def test_a_corrected_price_that_went_back_with_the_whole_bill_is_not_paid_back_once_more(
    paid: Checkout, payback: Payback, clerk: User, work: Work, simulators: Simulators
) -> None:
    refund_by_policy(bill_id=paid.bill_id, situation=Situation.DOCTOR_REFUSES, by=None, at=clock.now())
    assert "RP-15" in refuses_payback(payback, clerk), "it is on its way"
    finish_refund(work)
    paid.refresh_from_db()
    payback.refresh_from_db()
    assert (paid.state, done(PaymentOrder.objects.get())) == (CheckoutState.REFUNDED, [Decimal("30.00")])
    request = RefundRequest.objects.get(scope="cash")
    assert (request.state, request.decline_reason) == (RefundRequestState.DECLINED, INSTEAD)
    assert payback.state == PaybackState.WITHDRAWN
    assert refuses_payback(payback, clerk) == ["RP-15"]
    assert not list(faults_at_rest(paid.bill, simulators))


def test_a_payback_left_open_beside_a_refunded_bill_is_withdrawn_when_its_refund_is_declined(
    paid: Checkout, payback: Payback, clerk: User, colleague: User, work: Work
) -> None:
    refund_by_policy(bill_id=paid.bill_id, situation=Situation.DOCTOR_REFUSES, by=None, at=clock.now())
    finish_refund(work)
    request = RefundRequest.objects.get(scope="cash")
    RefundRequest.objects.filter(pk=request.pk).update(state=RefundRequestState.FAILED)
    Payback.objects.update(state=PaybackState.REQUESTED, ended_at=None)
    decline(request_id=request.pk, reason="已随整单退回", by=colleague, at=clock.now())
    payback.refresh_from_db()
    assert payback.state == PaybackState.WITHDRAWN
