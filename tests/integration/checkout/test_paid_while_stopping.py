"""She pays while the checkout is being stopped: her money goes back, and the insurer is told that nothing follows."""

from collections.abc import Callable

import pytest

from accounts.models import User
from checkout.models import Checkout
from checkout.operations import start_payment, unwind
from checkout.states import CheckoutState
from insurance.models import Claim
from insurance.states import ClaimState
from kernel import clock
from payments.models import PaymentOrder, Refund, Scene
from tests.integration.checkout.conftest import finish_refund
from tests.verification.simulators import Simulators

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_claim_is_given_up_with_the_checkout(
    checkout: Checkout, user: User, simulators: Simulators, work: Callable[[], None]
) -> None:
    start_payment(checkout_id=checkout.pk, scene=Scene.NATIVE, by=user, at=clock.now())
    work()
    order = PaymentOrder.objects.get(bill=checkout.bill_id)
    simulators.control("wechatpay", "pay", out_trade_no=order.number)
    unwind(bill_id=checkout.bill_id, reason="医生无法接诊", by=None, at=clock.now())
    work()
    finish_refund(work)
    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.REFUNDED
    assert [refund.amount for refund in Refund.objects.all()] == [order.amount]
    assert Claim.objects.get(bill=checkout.bill_id).state == ClaimState.ABANDONED
