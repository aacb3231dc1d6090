"""Alipay, with the platform beside us: every way to the cashier, paid once, refused, closed, given back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import httpx
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from audit.models import AuditEntry
from checkout.models import Checkout
from checkout.operations import start_payment, unwind
from checkout.states import CheckoutState
from kernel import clock
from payments.models import (
    Channel,
    IncidentKind,
    PaymentIncident,
    PaymentNotification,
    PaymentOrder,
    Refund,
    Scene,
)
from payments.operations.by_hand import confirm_by_hand, note_by_hand
from payments.operations.closing import close_order
from payments.operations.orders import ask_about, cashier_of
from payments.operations.refunds import request_refund, send_refund
from payments.operations.sweeping import PAUSE, sweep
from payments.states import OrderState, RefundState
from tests.factories.accounts import UserFactory
from tests.verification.notified import NotifyAddress
from tests.verification.simulators import Simulators

pytestmark = pytest.mark.django_db(transaction=True)
BACK = "https://xinglin.example/back/"


@dataclass
class Desk:
    """She, the platform, and our jobs."""

    checkout: Checkout
    user: User
    simulators: Simulators
    notified: NotifyAddress
    work: Callable[[], None]
    client: Client

    def start(self, scene: Scene = Scene.PRECREATE) -> PaymentOrder:
        """Her order, known to the platform as far as this way goes."""
        start_payment(
            checkout_id=self.checkout.pk, scene=scene, channel=Channel.ALIPAY, by=self.user, at=clock.now()
        )
        self.work()
        return PaymentOrder.objects.get(bill=self.checkout.bill_id)

    def pay(self, order: PaymentOrder) -> None:
        """She taps Pay."""
        self.simulators.control("alipay", "pay", out_trade_no=order.number)

    def fault(self, kind: str, **how: object) -> None:
        """Something is to go wrong at the platform."""
        self.simulators.control("alipay", "faults", kind=kind, **how)

    def told(self, number: int = 1, *, body: bytes | None = None) -> tuple[int, bytes]:
        """Hand the platform's so-many-eth post to our address; what it sees."""
        _headers, content = self.notified.wait_for(number)[number - 1]
        answer = self.client.post(
            reverse("payments:alipay_notification"),
            data=content if body is None else body,
            content_type="application/x-www-form-urlencoded",
        )
        return answer.status_code, answer.content

    def paid(self) -> PaymentOrder:
        """Paid and settled."""
        order = self.start()
        self.pay(order)
        ask_about(order_id=order.pk)
        self.work()
        order.refresh_from_db()
        assert order.state == OrderState.PAID
        return order

    def state(self) -> str:
        """Of her checkout."""
        self.checkout.refresh_from_db()
        return self.checkout.state


@pytest.fixture
def desk(
    checkout: Checkout,
    user: User,
    simulators: Simulators,
    notified: NotifyAddress,
    work: Callable[[], None],
    client: Client,
    settings: Settings,
) -> Desk:
    """Her bill of 10.00 yuan, not paid yet."""
    settings.PUBLIC_BASE_URL = notified.url.removesuffix("/notify")
    return Desk(checkout, user, simulators, notified, work, client)


def test_a_code_is_paid_and_the_notification_settles_the_bill(desk: Desk) -> None:
    order = desk.start()
    cashier = cashier_of(order, return_url=BACK)
    assert cashier is not None
    assert (cashier.kind, order.state) == ("code", OrderState.PLACED)
    desk.pay(order)

    assert desk.told() == (200, b"success")

    order.refresh_from_db()
    assert (order.state, desk.state()) == (OrderState.PAID, CheckoutState.SETTLED)
    assert order.transaction_id


@pytest.mark.parametrize("scene", [Scene.PAGE, Scene.WAP])
def test_a_page_of_alipay_makes_the_trade_when_she_arrives_there(desk: Desk, scene: Scene) -> None:
    order = desk.start(scene)
    ask_about(order_id=order.pk)
    order.refresh_from_db()
    assert order.state == OrderState.PLACED, "a trade nobody has opened is not closed"

    cashier = cashier_of(order, return_url=BACK)
    assert cashier is not None
    page = httpx.get(cashier.address, follow_redirects=True)
    desk.pay(order)
    ask_about(order_id=order.pk)

    order.refresh_from_db()
    assert page.status_code == 200
    assert order.state == OrderState.PAID


def test_the_same_notification_twice_counts_once(desk: Desk) -> None:
    desk.fault("duplicate_notification")
    order = desk.start()
    desk.pay(order)
    assert [desk.told(1), desk.told(2)] == [(200, b"success")] * 2
    assert PaymentNotification.objects.get().channel == Channel.ALIPAY
    assert AuditEntry.objects.filter(action="payments.order.paid").count() == 1


def test_a_forged_or_altered_notification_is_refused_and_written_down(desk: Desk) -> None:
    desk.fault("forged_notification")
    order = desk.start()
    desk.pay(order)
    altered = desk.notified.wait_for(2)[1][1].replace(b"10.00", b"10.01")

    assert desk.told(1) == (401, b"failure")
    assert desk.told(2, body=altered) == (401, b"failure")

    order.refresh_from_db()
    assert order.state == OrderState.PLACED
    seen = PaymentIncident.objects.get()
    assert (seen.kind, seen.channel, seen.times) == (IncidentKind.REJECTED, Channel.ALIPAY, 2)
    assert desk.told(2) == (200, b"success"), "the true one is not in its way"


def test_a_replayed_notification_of_another_day_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from payments.gateway import channel

    order = desk.start()
    desk.pay(order)
    monkeypatch.setattr(channel.alipay(), "_now", lambda: (clock.now() + timedelta(hours=26)).timestamp())
    assert desk.told() == (401, b"failure")
    order.refresh_from_db()
    assert order.state == OrderState.PLACED


def test_no_answer_is_neither_paid_nor_closed(desk: Desk) -> None:
    order = desk.start()
    desk.pay(order)
    for kind in ("wrong_signature", "unknown_error", "http_error"):
        desk.fault(kind)
        ask_about(order_id=order.pk)
        order.refresh_from_db()
        assert order.state == OrderState.PLACED
    ask_about(order_id=order.pk)
    order.refresh_from_db()
    assert order.state == OrderState.PAID


def test_closing_a_paid_order_finds_the_payment(desk: Desk) -> None:
    order = desk.start()
    desk.pay(order)
    close_order(order_id=order.pk)
    order.refresh_from_db()
    assert order.state == OrderState.PAID


def test_money_for_an_address_opened_after_closing_goes_back_by_itself(desk: Desk) -> None:
    """The address is signed and lives on; the platform knew no trade that could be closed."""
    order = desk.start(Scene.WAP)
    address = order.cashier_url
    close_order(order_id=order.pk)
    order.refresh_from_db()
    assert order.state == OrderState.CLOSED
    httpx.get(address, follow_redirects=True)
    desk.pay(order)

    assert desk.told() == (200, b"success")
    desk.work()

    order.refresh_from_db()
    refund = Refund.objects.get()
    assert (order.state, refund.state, refund.amount) == (OrderState.LATE, RefundState.DONE, order.amount)
    assert PaymentIncident.objects.get().kind == IncidentKind.LATE
    assert desk.state() == CheckoutState.READY, "she may still pay: that money bought nothing"


def test_money_for_a_closed_order_whose_letter_is_lost_is_asked_for_once_its_time_is_over(desk: Desk) -> None:
    order = desk.start(Scene.WAP)
    address = order.cashier_url
    close_order(order_id=order.pk)
    httpx.get(address, follow_redirects=True)
    desk.pay(order)
    over = order.expires_at + PAUSE + timedelta(seconds=1)

    assert sweep(at=order.expires_at) == 0, "not before: she may be paying"
    with time_machine.travel(over):
        assert sweep(at=over) == 1
        desk.work()
        assert sweep(at=over) == 0, "one answer ends the question"

    order.refresh_from_db()
    refund = Refund.objects.get()
    assert (order.state, refund.amount) == (OrderState.LATE, order.amount)


def test_parts_go_back_until_nothing_is_left(desk: Desk) -> None:
    order = desk.paid()
    for key, amount in {"a": Decimal("3.00"), "b": Decimal("2.50"), "c": None}.items():
        request_refund(order_id=order.pk, reason="退药", by=desk.user, at=clock.now(), key=key, amount=amount)
        desk.work()
    assert [(str(each.amount), each.state) for each in Refund.objects.order_by("pk")] == [
        ("3.00", RefundState.DONE), ("2.50", RefundState.DONE), ("4.50", RefundState.DONE),
    ]  # fmt: skip
    [trade] = desk.simulators.holdings("alipay", out_trade_no=order.number)["trades"]
    assert trade["trade_status"] == "TRADE_CLOSED"


def test_a_refund_whose_answer_was_lost_is_done_once(desk: Desk) -> None:
    order = desk.paid()
    desk.fault("system_error_after", verb="refund")
    unwind(bill_id=order.bill_id, reason="医生终止就诊", by=None, at=clock.now())
    desk.work()
    refund = Refund.objects.get()
    assert refund.state == RefundState.REQUESTED
    send_refund(refund_id=refund.pk)
    refund.refresh_from_db()
    assert (refund.state, desk.state()) == (RefundState.DONE, CheckoutState.REFUNDED)
    assert len(desk.simulators.holdings("alipay", out_trade_no=order.number)["refunds"]) == 1


def test_a_refund_that_takes_its_time_is_asked_about_until_it_is_done(desk: Desk) -> None:
    order = desk.paid()
    desk.fault("refund_processing", queries=3)
    request_refund(order_id=order.pk, reason="退费", by=None, at=clock.now())
    desk.work()
    refund = Refund.objects.get()
    assert refund.state == RefundState.PROCESSING
    for _question in range(3):
        sweep(at=clock.now() + PAUSE * 2)
        desk.work()
    refund.refresh_from_db()
    assert refund.state == RefundState.DONE


def test_a_refund_the_seller_cannot_pay_has_failed(desk: Desk) -> None:
    order = desk.paid()
    desk.fault("not_enough")
    request_refund(order_id=order.pk, reason="退费", by=None, at=clock.now())
    desk.work()
    refund = Refund.objects.get()
    assert refund.state == RefundState.FAILED
    assert "SELLER_BALANCE_NOT_ENOUGH" in refund.failure


def test_a_refund_completed_by_hand_ends_what_it_was_for(desk: Desk) -> None:
    order = desk.paid()
    desk.fault("not_enough")
    unwind(bill_id=order.bill_id, reason="医生终止就诊", by=None, at=clock.now())
    desk.work()
    refund = Refund.objects.get()
    assert (refund.state, desk.state()) == (RefundState.FAILED, CheckoutState.REFUNDING)
    note_by_hand(refund_id=refund.pk, reference="W-1", by=desk.user, at=clock.now())
    confirm_by_hand(refund_id=refund.pk, by=UserFactory(), at=clock.now())
    assert desk.state() == CheckoutState.REFUNDED
