"""A person pushes a checkout that hangs, or stops it (CO-01 to CO-04); a worker that dies at any step ends nothing."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from audit.models import AuditEntry
from billing.models import Bill
from billing.states import BillState
from checkout.models import Checkout
from checkout.operations import open_checkout, push, start_payment, stop, unwind
from checkout.states import CheckoutState
from hospital.celery import app
from kernel import clock, jobs
from kernel.errors import RulesBroken
from kernel.models import OutboxJob
from payments.models import Channel, PaymentOrder, Refund, Scene
from payments.states import OrderState
from tests.factories.accounts import UserFactory
from tests.factories.reconciliation import checkout as checkout_at
from tests.integration.checkout.conftest import ZHANG, finish_refund, pay, settlements_at_the_insurer
from tests.verification.simulators import Simulators

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], None]


@pytest.fixture
def clerk() -> User:
    """Of the finance office."""
    user: User = UserFactory()
    return user


def _rules(caught: pytest.ExceptionInfo[RulesBroken]) -> list[str]:
    return [violation.rule for violation in caught.value.violations]


def _state(checkout: Checkout) -> str:
    checkout.refresh_from_db()
    return checkout.state


class Worker:
    """Takes jobs like the real one, and can die with everything it was handed."""

    def __init__(self) -> None:
        self.handed: list[tuple[str, dict[str, Any]]] = []

    def take(self, job: OutboxJob) -> bool:
        self.handed.append((job.task_name, job.arguments))
        return True

    def die(self) -> None:
        """With its broker: what was handed out is lost."""
        jobs.relay()
        self.handed.clear()

    def do_one(self) -> None:
        """It does the first job, and dies before the one that follows."""
        jobs.relay()
        name, arguments = self.handed[0]
        self.handed.clear()
        app.tasks[name](**arguments)
        self.die()

    def do_all(self) -> None:
        jobs.relay()
        while self.handed:
            name, arguments = self.handed.pop(0)
            app.tasks[name](**arguments)


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Worker:
    """The one worker of this test."""
    made = Worker()
    app.autodiscover_tasks(force=True)
    monkeypatch.setattr(jobs, "_sent", made.take)
    return made


def test_a_worker_that_dies_at_every_step_ends_nothing(
    bill: Bill, user: User, clerk: User, simulators: Simulators, worker: Worker
) -> None:
    def pushed() -> None:
        push(checkout_id=checkout.pk, by=clerk, at=clock.now())

    simulators.control("insurer", "person", id_number=ZHANG[1], balance="1.00", deducted="300.00")
    now = clock.now()
    checkout = open_checkout(
        bill_id=bill.pk, uses_insurance=True, pay_by=now + timedelta(minutes=15), by=user, at=now
    )
    worker.die()
    assert _state(checkout) == CheckoutState.ESTIMATING
    pushed()
    worker.do_one()
    assert _state(checkout) == CheckoutState.READY

    start_payment(
        checkout_id=checkout.pk, scene=Scene.NATIVE, channel=Channel.WECHAT, by=user, at=clock.now()
    )
    worker.die()
    assert PaymentOrder.objects.get().state == OrderState.CREATED
    pushed()
    worker.do_one()
    assert PaymentOrder.objects.get().state == OrderState.PLACED

    simulators.control("wechatpay", "pay", out_trade_no=PaymentOrder.objects.get().number)
    worker.die()
    assert _state(checkout) == CheckoutState.PAYING
    pushed()
    worker.do_one()
    assert _state(checkout) == CheckoutState.SETTLING
    pushed()
    worker.do_one()
    assert _state(checkout) == CheckoutState.SETTLED
    assert len(settlements_at_the_insurer(simulators)) == 1

    unwind(bill_id=bill.pk, reason="医生未接诊", by=None, at=clock.now())
    worker.die()
    assert _state(checkout) == CheckoutState.REVERSING
    pushed()
    worker.do_one()
    assert _state(checkout) == CheckoutState.REFUNDING
    pushed()
    worker.do_one()
    finish_refund(worker.do_all)
    assert _state(checkout) == CheckoutState.REFUNDED
    bill.refresh_from_db()
    assert bill.state == BillState.REFUNDED
    assert [refund.amount for refund in Refund.objects.all()] == [Decimal("2.00")]


def test_a_checkout_that_waits_for_her_is_not_pushed(checkout: Checkout, clerk: User) -> None:
    with pytest.raises(RulesBroken) as caught:
        push(checkout_id=checkout.pk, by=clerk, at=clock.now())
    assert _rules(caught) == ["CO-01"]


def test_pushing_is_recorded_with_the_step(
    bill: Bill, user: User, clerk: User, simulators: Simulators, work: Work
) -> None:
    now = clock.now()
    checkout = open_checkout(
        bill_id=bill.pk, uses_insurance=True, pay_by=now + timedelta(minutes=15), by=user, at=now
    )
    push(checkout_id=checkout.pk, by=clerk, at=now)
    entry = AuditEntry.objects.get(action="checkout.pushed")
    assert (entry.by, entry.facts) == (clerk, {"step": "estimating"})


def test_stopping_what_is_not_paid_ends_it_and_voids_the_bill(checkout: Checkout, clerk: User) -> None:
    stop(checkout_id=checkout.pk, reason="患者来电要求取消", by=clerk, at=clock.now())
    assert _state(checkout) == CheckoutState.CLOSED
    checkout.bill.refresh_from_db()
    assert checkout.bill.state == BillState.VOID
    assert checkout.unwind_reason == "患者来电要求取消"
    assert AuditEntry.objects.get(action="checkout.stopped").by == clerk


def test_an_open_order_is_closed_at_the_channel_before_the_checkout_ends(
    checkout: Checkout, user: User, clerk: User, simulators: Simulators, work: Work
) -> None:
    start_payment(
        checkout_id=checkout.pk, scene=Scene.NATIVE, channel=Channel.WECHAT, by=user, at=clock.now()
    )
    work()
    stop(checkout_id=checkout.pk, reason="重复下单", by=clerk, at=clock.now())
    assert _state(checkout) == CheckoutState.PAYING
    work()
    assert _state(checkout) == CheckoutState.CLOSED
    assert PaymentOrder.objects.get().state == OrderState.CLOSED


def test_a_payment_that_wins_the_race_against_stopping_goes_back(
    checkout: Checkout, user: User, clerk: User, simulators: Simulators, work: Work
) -> None:
    start_payment(
        checkout_id=checkout.pk, scene=Scene.NATIVE, channel=Channel.WECHAT, by=user, at=clock.now()
    )
    work()
    simulators.control("wechatpay", "pay", out_trade_no=PaymentOrder.objects.get().number)
    stop(checkout_id=checkout.pk, reason="重复下单", by=clerk, at=clock.now())
    work()
    finish_refund(work)
    assert _state(checkout) == CheckoutState.REFUNDED
    assert Refund.objects.get().amount == Decimal("2.00")


def test_what_is_paid_in_full_is_refunded_not_stopped(
    checkout: Checkout, user: User, clerk: User, simulators: Simulators, work: Work
) -> None:
    pay(checkout, user, simulators, work)
    with pytest.raises(RulesBroken) as caught:
        stop(checkout_id=checkout.pk, reason="患者来电要求取消", by=clerk, at=clock.now())
    assert _rules(caught) == ["CO-03"]


def test_stopping_twice_is_refused_the_second_time(checkout: Checkout, clerk: User) -> None:
    stop(checkout_id=checkout.pk, reason="重复下单", by=clerk, at=clock.now())
    with pytest.raises(RulesBroken) as caught:
        stop(checkout_id=checkout.pk, reason="重复下单", by=clerk, at=clock.now())
    assert _rules(caught) == ["CO-03"]


@pytest.mark.parametrize("reason", ["", "   ", "不要", "字" * 81], ids=["none", "blank", "short", "long"])
def test_stopping_needs_a_reason_that_she_and_the_channel_can_take(
    bill: Bill, clerk: User, reason: str
) -> None:
    checkout = checkout_at(bill, CheckoutState.READY)
    with pytest.raises(RulesBroken) as caught:
        stop(checkout_id=checkout.pk, reason=reason, by=clerk, at=clock.now())
    assert _rules(caught) == ["CO-04"]
    assert _state(checkout) == CheckoutState.READY
