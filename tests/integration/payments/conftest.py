"""An order at the simulated channel, and a listening hospital that keeps what the channel posts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from accounts.models import User
from billing.models import Bill
from checkout.models import Checkout
from checkout.operations import open_checkout, start_payment
from kernel import clock
from payments.models import PaymentOrder, Scene
from tests.integration.checkout.conftest import bill, patient, simulators, user, work
from tests.verification.conftest import notified
from tests.verification.notified import NotifyAddress
from tests.verification.simulators import Simulators

__all__ = ["bill", "notified", "patient", "simulators", "user", "work"]
Work = Callable[[], None]


@pytest.fixture
def checkout(bill: Bill, user: User, simulators: Simulators) -> Checkout:
    """She pays the 10.00 yuan herself, within fifteen minutes."""
    now = clock.now()
    return open_checkout(
        bill_id=bill.pk, uses_insurance=False, pay_by=now + timedelta(minutes=15), by=user, at=now
    )


@pytest.fixture
def order(
    checkout: Checkout, user: User, work: Work, settings: Settings, notified: NotifyAddress
) -> PaymentOrder:
    """Placed at the channel, which will notify the listening hospital."""
    settings.PUBLIC_BASE_URL = notified.url.removesuffix("/notify")
    start_payment(checkout_id=checkout.pk, scene=Scene.NATIVE, by=user, at=clock.now())
    work()
    return PaymentOrder.objects.get(bill=checkout.bill_id)


@pytest.fixture
def pay(order: PaymentOrder, simulators: Simulators) -> Callable[[], dict[str, Any]]:
    """She taps Pay at the cashier."""
    return lambda: simulators.control("wechatpay", "pay", out_trade_no=order.number)
