"""Orders, with the channel beside us: paid once, never on a forged word, closed when their time is over."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pgtrigger
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import AuditEntry
from checkout.models import Checkout
from checkout.operations import start_payment
from checkout.states import CheckoutState
from kernel import clock
from kernel.models import OutboxJob
from payments.models import PaymentIncident, PaymentNotification, PaymentOrder, Scene
from payments.operations.closing import close_order
from payments.operations.orders import ask_about, create_order, place_order
from payments.operations.sweeping import PAUSE, sweep
from payments.states import OrderState
from tests.verification.notified import NotifyAddress
from tests.verification.simulators import Simulators

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], None]
Pay = Callable[[], dict[str, Any]]


def told(post: tuple[dict[str, str], bytes], client: Client, *, body: bytes | None = None) -> int:
    """Hand a post of the channel to our address; the status that the channel sees."""
    headers, content = post
    signed = {name: value for name, value in headers.items() if name.lower().startswith("wechatpay-")}
    return client.post(
        reverse("payments:wechat_notification"),
        data=content if body is None else body,
        content_type="application/json",
        headers=signed,
    ).status_code


def times_paid() -> int:
    """How often a payment was recorded."""
    return AuditEntry.objects.filter(action="payments.order.paid").count()


def test_an_order_is_placed_at_the_channel_and_has_an_address_to_pay_at(order: PaymentOrder) -> None:
    assert order.state == OrderState.PLACED
    assert order.cashier_url.startswith("weixin://")


def test_a_double_click_is_one_order(order: PaymentOrder, checkout: Checkout, user: User) -> None:
    start_payment(checkout_id=checkout.pk, scene=Scene.NATIVE, by=user, at=clock.now())
    assert PaymentOrder.objects.get() == order


def test_the_database_refuses_a_second_live_order_of_a_bill(order: PaymentOrder) -> None:
    order.pk, order.number = None, "P0"
    with pytest.raises(IntegrityError), transaction.atomic():
        order.save(force_insert=True)


def test_an_outer_rollback_places_nothing(checkout: Checkout, user: User) -> None:
    now = clock.now()
    with pytest.raises(RuntimeError), transaction.atomic():
        create_order(
            bill_id=checkout.bill_id, amount=checkout.bill.total_amount, scene=Scene.H5, description="诊费",
            expires_at=now + timedelta(minutes=15), by=user, at=now,
        )  # fmt: skip
        raise RuntimeError
    assert not PaymentOrder.objects.exists()
    assert not OutboxJob.objects.exists()


def test_a_notification_pays_the_order_and_the_bill(
    order: PaymentOrder, checkout: Checkout, pay: Pay, notified: NotifyAddress, client: Client
) -> None:
    pay()
    assert told(notified.wait_for(1)[0], client) == 204
    order.refresh_from_db()
    checkout.refresh_from_db()
    assert order.state == OrderState.PAID
    assert order.transaction_id
    assert checkout.state == CheckoutState.SETTLED


def test_a_notification_that_comes_twice_counts_once(
    order: PaymentOrder, pay: Pay, notified: NotifyAddress, client: Client, simulators: Simulators
) -> None:
    simulators.control("wechatpay", "faults", kind="duplicate_notification")
    pay()
    assert [told(post, client) for post in notified.wait_for(2)] == [204, 204]
    assert PaymentNotification.objects.count() == 1
    assert times_paid() == 1


def test_a_forged_notification_changes_nothing_and_does_not_stand_in_the_way_of_the_true_one(
    order: PaymentOrder, pay: Pay, notified: NotifyAddress, client: Client, simulators: Simulators
) -> None:
    simulators.control("wechatpay", "faults", kind="forged_notification")
    pay()
    forged, true = notified.wait_for(2)
    assert told(forged, client) == 401
    order.refresh_from_db()
    assert order.state == OrderState.PLACED
    assert not PaymentNotification.objects.exists()
    assert told(true, client) == 204
    order.refresh_from_db()
    assert order.state == OrderState.PAID


def test_an_altered_notification_changes_nothing(
    order: PaymentOrder, pay: Pay, notified: NotifyAddress, client: Client
) -> None:
    pay()
    post = notified.wait_for(1)[0]
    assert told(post, client, body=post[1].replace(b"TRANSACTION", b"TRANSACTIOM")) == 401
    order.refresh_from_db()
    assert order.state == OrderState.PLACED


def test_the_address_takes_posts_only(client: Client, db: None) -> None:
    assert client.get(reverse("payments:wechat_notification")).status_code == 405


def test_a_payment_nobody_told_us_of_is_found_by_asking(order: PaymentOrder, pay: Pay, work: Work) -> None:
    pay()
    sweep(at=clock.now() + PAUSE * 2)
    work()
    order.refresh_from_db()
    assert order.state == OrderState.PAID


def test_notification_and_answer_together_pay_once(
    order: PaymentOrder, pay: Pay, notified: NotifyAddress, client: Client
) -> None:
    pay()
    ask_about(order_id=order.pk)
    assert told(notified.wait_for(1)[0], client) == 204
    assert times_paid() == 1


def test_another_amount_than_ours_is_not_a_payment(order: PaymentOrder, checkout: Checkout, pay: Pay) -> None:
    with pgtrigger.ignore("payments.PaymentOrder:frozen"):
        PaymentOrder.objects.filter(pk=order.pk).update(amount="9.99")
    pay()
    ask_about(order_id=order.pk)
    order.refresh_from_db()
    checkout.refresh_from_db()
    assert order.state == OrderState.PLACED
    assert checkout.state == CheckoutState.PAYING
    facts = AuditEntry.objects.get(action="payments.order.contradicted").facts
    assert (facts["fen"], facts["currency"], facts["rules"]) == (1000, "CNY", ["PY-04"])
    assert PaymentIncident.objects.get().order == order


def lapse(order: PaymentOrder, work: Work) -> None:
    """The time to pay is over, and the sweeper comes by."""
    PaymentOrder.objects.filter(pk=order.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    sweep(at=clock.now())
    work()
    order.refresh_from_db()


def test_an_order_is_closed_when_its_time_is_over_and_cannot_be_paid_any_more(
    order: PaymentOrder, checkout: Checkout, simulators: Simulators, work: Work
) -> None:
    Checkout.objects.update(pay_by=clock.now())
    lapse(order, work)
    checkout.refresh_from_db()
    assert order.state == OrderState.CLOSED
    assert checkout.state == CheckoutState.CLOSED
    [held] = simulators.holdings("wechatpay", out_trade_no=order.number)["orders"]
    assert held["trade_state"] == "CLOSED"


def test_an_order_that_closed_early_may_be_tried_again(
    order: PaymentOrder, checkout: Checkout, user: User, work: Work
) -> None:
    lapse(order, work)
    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.READY
    start_payment(checkout_id=checkout.pk, scene=Scene.NATIVE, by=user, at=clock.now())
    assert PaymentOrder.objects.exclude(pk=order.pk).get().number != order.number


def test_a_payment_in_the_last_moment_wins_over_closing(order: PaymentOrder, pay: Pay, work: Work) -> None:
    pay()
    lapse(order, work)
    assert order.state == OrderState.PAID
    assert times_paid() == 1


def test_closing_twice_closes_once(order: PaymentOrder) -> None:
    for _time in range(2):
        close_order(order_id=order.pk)
    assert AuditEntry.objects.filter(action="payments.order.closed").count() == 1


@pytest.mark.parametrize("fault", ["server_error", "wrong_signature"])
def test_an_order_whose_placing_got_no_answer_is_placed_again_and_is_one_order_there(
    fault: str, checkout: Checkout, user: User, simulators: Simulators, work: Work
) -> None:
    simulators.control("wechatpay", "faults", kind=fault, verb="place")
    start_payment(checkout_id=checkout.pk, scene=Scene.NATIVE, by=user, at=clock.now())
    work()
    order = PaymentOrder.objects.get()
    assert order.state == OrderState.CREATED
    place_order(order_id=order.pk)
    order.refresh_from_db()
    assert order.state == OrderState.PLACED
    assert len(simulators.holdings("wechatpay", out_trade_no=order.number)["orders"]) == 1


@pytest.mark.parametrize("fault", ["server_error", "wrong_signature"])
def test_no_answer_is_neither_paid_nor_closed(
    fault: str, order: PaymentOrder, pay: Pay, simulators: Simulators
) -> None:
    pay()
    simulators.control("wechatpay", "faults", kind=fault, times=2)
    ask_about(order_id=order.pk)
    close_order(order_id=order.pk)
    order.refresh_from_db()
    assert order.state == OrderState.PLACED
    ask_about(order_id=order.pk)
    order.refresh_from_db()
    assert order.state == OrderState.PAID
