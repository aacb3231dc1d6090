"""A permission to pay must outlive her payment, and serves one bill."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from billing.models import Bill
from checkout.models import Checkout
from checkout.operations import choose_insurance, open_checkout, start_payment
from checkout.states import CheckoutState
from insurance.models import Claim, MobileOrder, VoucherAuthorization
from insurance.operations.mobile import centre
from insurance.operations.mobile.choosing import permission_to_pay
from insurance.states import AuthorizationState, ClaimState
from kernel import clock
from payments.models import PaymentOrder, Scene
from tests.integration.checkout.conftest import ZHANG
from tests.integration.insurance.mobile.paying import authorise
from tests.verification.simulators import Simulators

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ready(
    bill: Bill, user: User, simulators: Simulators, settings: Settings, work: Callable[[], None]
) -> Iterator[Checkout]:
    """Estimated at the mobile centre; she has not paid."""
    settings.INSURANCE_MOBILE_BASE_URL = f"{simulators.url}/mobilepay"
    centre._client.cache_clear()
    simulators.control("insurer", "person", id_number=ZHANG[1], balance="1.00", deducted="300.00")
    authorise(simulators, bill.encounter, user)
    now = clock.now()
    made = open_checkout(
        bill_id=bill.pk, uses_insurance=True, pay_by=now + timedelta(hours=3), by=user, at=now
    )
    work()
    made.refresh_from_db()
    yield made
    centre._client.cache_clear()


def expires(at: datetime) -> None:
    VoucherAuthorization.objects.update(expires_at=at)


def test_the_cashier_closes_a_minute_before_the_permission_ends(ready: Checkout, user: User) -> None:
    now = clock.now()
    expires(now + timedelta(minutes=4))

    start_payment(checkout_id=ready.pk, scene=Scene.NATIVE, by=user, at=now)

    assert PaymentOrder.objects.get().expires_at == now + timedelta(minutes=3)
    assert MobileOrder.objects.get().authorization_id is not None, "promised"


@pytest.mark.parametrize("seconds", [-1, 100])
def test_a_permission_that_would_end_before_her_payment_is_told_before_she_pays(
    ready: Checkout, user: User, seconds: int
) -> None:
    now = clock.now()
    expires(now + timedelta(seconds=seconds))

    made = start_payment(checkout_id=ready.pk, scene=Scene.NATIVE, by=user, at=now)

    assert made.state == CheckoutState.DECLINED
    assert made.decline_reason
    assert not PaymentOrder.objects.exists()
    assert Claim.objects.get(pk=ready.claim_id).state == ClaimState.ABANDONED


def test_a_promised_permission_serves_no_other_bill_until_its_claim_has_ended(
    ready: Checkout, user: User
) -> None:
    now, encounter = clock.now(), ready.bill.encounter_id
    start_payment(checkout_id=ready.pk, scene=Scene.NATIVE, by=user, at=now)

    assert permission_to_pay(encounter, at=now) is None
    assert permission_to_pay(encounter, at=now, claim_id=ready.claim_id) is not None

    Claim.objects.filter(pk=ready.claim_id).update(state=ClaimState.ABANDONED)
    assert permission_to_pay(encounter, at=now) is not None


@pytest.mark.parametrize("over", ["in its last minutes", "used for another bill"])
def test_what_is_over_is_shown_again_and_only_the_new_permission_is_promised(
    ready: Checkout, user: User, simulators: Simulators, work: Callable[[], None], client: Client, over: str
) -> None:
    now, encounter = clock.now(), ready.bill.encounter
    if over == "in its last minutes":
        expires(now + timedelta(seconds=100))
    else:
        VoucherAuthorization.objects.update(state=AuthorizationState.USED, used_at=now)
    start_payment(checkout_id=ready.pk, scene=Scene.NATIVE, by=user, at=now)

    client.force_login(user)
    page = client.get(reverse("checkout:pay", args=[ready.bill.number])).content.decode()
    assert '<input type="hidden" name="do" value="voucher">' in page

    shown_again = authorise(simulators, encounter, user)
    choose_insurance(checkout_id=ready.pk, by=user, at=clock.now())
    work()
    start_payment(checkout_id=ready.pk, scene=Scene.NATIVE, by=user, at=clock.now())
    assert PaymentOrder.objects.get().amount == Decimal("2.00")
    ready.refresh_from_db()
    assert MobileOrder.objects.get(claim=ready.claim_id).authorization == shown_again
