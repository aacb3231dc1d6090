"""Who is asked to pay may be chosen anew until she pays."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from billing.models import Bill
from checkout.models import Checkout
from checkout.operations import choose_insurance, open_checkout
from checkout.states import CheckoutState
from kernel import clock
from registry.models import Coverage
from registry.models.patients import InsuranceType
from registry.operations import state_coverage
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
