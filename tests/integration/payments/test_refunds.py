"""Money back: asked for once, watched until it is there, and shown when it cannot be given."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from checkout.models import Checkout
from checkout.operations import unwind
from checkout.pages.presenters import refund_failed
from checkout.states import CheckoutState
from kernel import clock
from payments.errors import RefundNotPossible
from payments.models import PaymentOrder, Refund
from payments.operations.orders import ask_about
from payments.operations.refunds import request_refund, send_refund
from payments.operations.sweeping import PAUSE, sweep
from payments.states import RefundState
from tests.verification.simulators import Simulators

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], None]


@pytest.fixture
def paid(order: PaymentOrder, pay: Callable[[], dict[str, Any]], work: Work) -> PaymentOrder:
    """Paid and settled."""
    pay()
    ask_about(order_id=order.pk)
    work()
    order.refresh_from_db()
    return order


def give_back(paid: PaymentOrder, work: Work) -> Refund:
    """The bill is unwound, and the job has asked the channel once."""
    unwind(bill_id=paid.bill_id, reason="医生终止就诊", by=None, at=clock.now())
    work()
    return Refund.objects.get()


def test_an_order_that_is_not_paid_has_nothing_to_give_back(order: PaymentOrder) -> None:
    with pytest.raises(RefundNotPossible) as refused:
        request_refund(order_id=order.pk, reason="x", by=None, at=clock.now())
    assert [broken.rule for broken in refused.value.violations] == ["PY-10"]
    assert not Refund.objects.exists()


def test_asking_twice_is_one_refund_here_and_there(
    paid: PaymentOrder, user: User, simulators: Simulators, work: Work
) -> None:
    for _time in range(2):
        request_refund(order_id=paid.pk, reason="医生终止就诊", by=user, at=clock.now())
    refund = Refund.objects.get()
    for _time in range(2):
        send_refund(refund_id=refund.pk)
    assert len(simulators.holdings("wechatpay", out_trade_no=paid.number)["refunds"]) == 1


def test_a_refund_that_is_being_worked_on_is_asked_about_until_it_is_done(
    paid: PaymentOrder, checkout: Checkout, simulators: Simulators, work: Work
) -> None:
    simulators.control("wechatpay", "faults", kind="refund_processing", queries=2)
    refund = give_back(paid, work)
    seen = [refund.state]
    for _question in range(3):
        sweep(at=clock.now() + PAUSE * 2)
        work()
        refund.refresh_from_db()
        seen.append(refund.state)
    checkout.refresh_from_db()
    assert seen == [RefundState.PROCESSING, RefundState.PROCESSING, RefundState.PROCESSING, RefundState.DONE]
    assert refund.done_at is not None
    assert checkout.state == CheckoutState.REFUNDED
    assert checkout.bill.payment_orders.get().refunds.get().amount == paid.amount


def test_a_refund_the_channel_did_not_answer_is_sent_again_under_its_number(
    paid: PaymentOrder, simulators: Simulators, work: Work
) -> None:
    simulators.control("wechatpay", "faults", kind="server_error", verb="refund")
    refund = give_back(paid, work)
    assert refund.state == RefundState.REQUESTED
    send_refund(refund_id=refund.pk)
    [held] = simulators.holdings("wechatpay", out_trade_no=paid.number)["refunds"]
    assert held["out_refund_no"] == refund.number


def test_a_refund_the_channel_cannot_give_is_shown_and_may_be_asked_for_anew(
    paid: PaymentOrder, checkout: Checkout, simulators: Simulators, work: Work
) -> None:
    simulators.control("wechatpay", "faults", kind="refund_abnormal")
    refund = give_back(paid, work)
    sweep(at=clock.now() + PAUSE * 2)
    work()
    refund.refresh_from_db()
    checkout.refresh_from_db()
    assert refund.state == RefundState.FAILED
    assert checkout.state == CheckoutState.REFUNDING, "nobody says that the money is back"
    assert refund_failed(checkout)
    assert request_refund(order_id=paid.pk, reason="再次退款", by=None, at=clock.now()).pk != refund.pk


def test_a_refusal_for_good_is_kept_with_the_channels_words(
    paid: PaymentOrder, simulators: Simulators, work: Work
) -> None:
    simulators.control("wechatpay", "faults", kind="not_enough", verb="refund")
    refund = give_back(paid, work)
    assert refund.state == RefundState.FAILED
    assert "NOT_ENOUGH" in refund.failure
