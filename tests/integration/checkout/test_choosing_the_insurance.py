"""Who is asked to pay may be chosen anew until she pays."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import User
from billing.models import Bill
from checkout.models import Checkout
from checkout.operations import choose_insurance, open_checkout
from checkout.states import CheckoutState
from insurance.models import Claim
from insurance.states import ClaimState
from kernel import clock
from registry.models import Coverage
from registry.models.patients import InsuranceType
from registry.operations import state_coverage
from tests.integration.checkout.conftest import pay
from tests.verification.simulators import Simulators

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], None]


def test_who_states_another_insurance_after_a_refusal_is_asked_about_by_it(
    bill: Bill, user: User, simulators: Simulators, work: Work
) -> None:
    Coverage.objects.update(insurance_type=InsuranceType.RESIDENT)
    now = clock.now()
    checkout = open_checkout(
        bill_id=bill.pk, uses_insurance=True, pay_by=now + timedelta(minutes=15), by=user, at=now
    )
    work()
    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.DECLINED

    state_coverage(
        patient_id=bill.encounter.patient_id, insurance_type=InsuranceType.EMPLOYEE, insured_region="330100",
        by=user, at=clock.now(),
    )  # fmt: skip
    choose_insurance(checkout_id=checkout.pk, by=user, at=clock.now())
    work()

    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.READY


def test_who_has_stated_no_insurance_is_told_so(bill: Bill, user: User, client: Client) -> None:
    bill.encounter.coverage = None
    bill.encounter.save(update_fields=["coverage"])
    Coverage.objects.all().delete()
    now = clock.now()
    open_checkout(bill_id=bill.pk, uses_insurance=False, pay_by=now + timedelta(minutes=15), by=user, at=now)
    client.force_login(user)
    client.cookies["django_language"] = "en"
    answer = client.post(f"/pay/{bill.number}/", {"do": "insurance"}, follow=True)
    assert answer.status_code == 200
    assert "No insurance is stated for this patient." in answer.content.decode()
    assert Checkout.objects.get().state == CheckoutState.READY


@pytest.mark.parametrize("choice", ["insurance", "self_pay"])
def test_a_second_tab_that_is_behind_is_told_so_and_changes_nothing(
    choice: str, checkout: Checkout, user: User, client: Client, simulators: Simulators, work: Work
) -> None:
    pay(checkout, user, simulators, work)
    assert checkout.state == CheckoutState.SETTLED
    client.force_login(user)
    client.cookies["django_language"] = "en"
    answer = client.post(f"/pay/{checkout.bill.number}/", {"do": choice}, follow=True)
    assert answer.status_code == 200
    assert "This step is not possible any more." in answer.content.decode()
    bill = Bill.objects.get()
    assert (bill.fund_amount, bill.account_amount, bill.cash_amount) == (
        Decimal("7.00"),
        Decimal("1.00"),
        Decimal("2.00"),
    )
    assert [claim.state for claim in Claim.objects.all()] == [ClaimState.SETTLED]
