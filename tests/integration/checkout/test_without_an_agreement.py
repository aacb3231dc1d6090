"""No agreement in force on the day: she is told why before she pays, and paying all herself is her own choice."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import User
from billing.models import Bill, BillPurpose
from checkout.models import Checkout
from checkout.operations import choose_insurance, choose_self_pay, open_checkout, start_payment
from checkout.states import CheckoutState
from insurance.models import Claim, GatewayMessage, PayableRule
from insurance.operations.agreements import resume_agreement, suspend_agreement
from insurance.states import ClaimState
from kernel import clock
from kernel.errors import RulesBroken
from payments.models import PaymentOrder, Scene
from tests.factories.billing import with_line
from tests.factories.insurance import supplement_of
from tests.verification.simulators import Simulators

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], None]
REASON = "未按规定上传电子处方"


def suspend(bill: Bill, at: datetime, *, days_ahead: int = 0, days: int | None = None) -> None:
    """The agency stops the hospital's "Internet+" agreement."""
    begin = clock.day_of(at) + timedelta(days=days_ahead)
    suspend_agreement(
        agreement_id=supplement_of(bill.encounter.institution).pk, from_on=begin,
        until_on=begin + timedelta(days=days) if days else None, reason=REASON, document_number="", by=None, at=at,
    )  # fmt: skip


def opened(bill: Bill, user: User, at: datetime) -> Checkout:
    """She wants to use her insurance."""
    return open_checkout(
        bill_id=bill.pk, uses_insurance=True, pay_by=at + timedelta(minutes=15), by=user, at=at
    )


def page_of(checkout: Checkout, user: User, client: Client) -> str:
    """The page of paying in English."""
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client.get(f"/pay/{checkout.bill.number}/").content.decode()


def test_a_suspended_hospital_asks_nobody_and_tells_her_why(bill: Bill, user: User, client: Client) -> None:
    now = clock.now()
    suspend(bill, now)
    checkout = opened(bill, user, now)

    assert checkout.state == CheckoutState.DECLINED
    assert "IN-04" in checkout.decline_reason
    bill.refresh_from_db()
    assert bill.cash_amount is None, "nothing is charged to her silently"
    assert not Claim.objects.exists()
    assert not GatewayMessage.objects.exists()
    page = page_of(checkout, user, client)
    for words in (
        REASON, "Rule IN-04", "Medical insurance cannot be used for this bill",
        "You may pay all of it yourself, or ask the hospital: 400-000-0000.", "Pay it myself",
    ):  # fmt: skip
        assert words in page


@pytest.fixture
def of_the_nation(bill: Bill) -> Bill:
    """No area of its own allows the fee before the doctor has prescribed: the shipped rules alone count."""
    PayableRule.objects.filter(is_demonstration=True).delete()
    return bill


def test_the_fee_of_a_visit_that_has_led_to_no_prescription_is_hers_and_she_is_told_before_paying(
    of_the_nation: Bill, user: User, client: Client
) -> None:
    """医保发〔2020〕45号: what is paid is the fee of a re-diagnosis that led to a prescription."""
    checkout = opened(of_the_nation, user, clock.now())
    assert checkout.state == CheckoutState.DECLINED
    page = page_of(checkout, user, client)
    for words in (
        "The medical insurance pays for this only when the doctor has prescribed", "Rule IN-08", "45号", "Pay it myself",
        "Nothing is charged until you choose to pay it yourself.",
    ):  # fmt: skip
        assert words in page
    with pytest.raises(RulesBroken) as refused:
        choose_insurance(checkout_id=checkout.pk, by=user, at=clock.now())
    assert [each.rule for each in refused.value.violations] == ["IN-08"]
    assert not GatewayMessage.objects.exists()


def test_once_the_doctor_has_prescribed_the_insurance_is_asked_about_the_fee(
    of_the_nation: Bill, user: User
) -> None:
    now = clock.now()
    fee = of_the_nation
    with transaction.atomic():
        with_line(
            Bill.objects.create(
                number=f"{fee.number}D", encounter=fee.encounter, purpose=BillPurpose.DRUGS,
                total_amount=fee.total_amount, opened_at=now,
            )
        )  # fmt: skip
    assert opened(fee, user, now).state == CheckoutState.ESTIMATING


def test_self_pay_is_her_own_choice(bill: Bill, user: User) -> None:
    now = clock.now()
    suspend(bill, now)
    checkout = opened(bill, user, now)
    chosen = choose_self_pay(checkout_id=checkout.pk, by=user, at=now)
    bill.refresh_from_db()
    assert (chosen.state, chosen.uses_insurance) == (CheckoutState.READY, False)
    assert (bill.fund_amount, bill.cash_amount) == (0, bill.total_amount)


def test_asking_the_insurance_all_the_same_is_refused_with_the_rule(bill: Bill, user: User) -> None:
    now = clock.now()
    suspend(bill, now)
    checkout = opened(bill, user, now)
    with pytest.raises(RulesBroken) as refused:
        choose_insurance(checkout_id=checkout.pk, by=user, at=now)
    assert [each.rule for each in refused.value.violations] == ["IN-04"]
    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.DECLINED


def test_once_the_agreement_counts_again_the_insurance_is_asked(
    bill: Bill, user: User, simulators: Simulators, work: Work
) -> None:
    now = clock.now()
    suspend(bill, now)
    checkout = opened(bill, user, now)
    resume_agreement(
        agreement_id=supplement_of(bill.encounter.institution).pk,
        resumed_on=clock.day_of(now),
        by=None,
        at=now,
    )
    choose_insurance(checkout_id=checkout.pk, by=user, at=now)
    work()
    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.READY


def test_a_suspension_between_the_estimate_and_her_payment_is_told_before_money_moves(
    checkout: Checkout, user: User
) -> None:
    now = clock.now()
    suspend(checkout.bill, now)
    stopped = start_payment(checkout_id=checkout.pk, scene=Scene.NATIVE, by=user, at=now)
    assert (stopped.state, stopped.claim) == (CheckoutState.DECLINED, None)
    assert REASON in stopped.decline_reason
    assert Claim.objects.get().state == ClaimState.ABANDONED
    assert not PaymentOrder.objects.exists()


def test_the_day_of_service_counts_as_well_as_the_day_of_payment(bill: Bill, user: User) -> None:
    now = clock.now()
    bill.encounter.service_on = clock.day_of(now) + timedelta(days=3)
    bill.encounter.save(update_fields=["service_on"])
    suspend(bill, now, days_ahead=3, days=1)
    assert opened(bill, user, now).state == CheckoutState.DECLINED


def test_a_suspension_that_begins_after_the_visit_stops_nothing(bill: Bill, user: User) -> None:
    now = clock.now()
    suspend(bill, now, days_ahead=1)
    assert opened(bill, user, now).state == CheckoutState.ESTIMATING
