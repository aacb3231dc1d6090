"""The patient's list of bills, and the page of one."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from billing.models import Bill
from billing.operations import state_parts
from billing.rules import Parts
from checkout.models import Checkout
from checkout.states import CheckoutState
from kernel import clock, live
from payments.models import PaymentOrder, Refund
from payments.states import OrderState, RefundState
from portal import subscribers
from refunds.events import RefundFinished
from refunds.models import RefundRequest
from registry.models import Patient
from tests.factories import receipts as paid
from tests.factories.billing import bill as open_bill
from tests.factories.portal import patient_user
from tests.integration.portal.conftest import SignIn


@pytest.fixture
def browser(user: User, patient: Patient, signed_in: SignIn) -> Client:
    """Hers, in English."""
    return signed_in(user, "en")


def checkout_of(bill: Bill, patient: Patient, state: CheckoutState, *, minutes: int = 15) -> Checkout:
    """A checkout of one of her bills in a state; ``minutes`` are left to pay."""
    bill.encounter.patient = patient
    bill.encounter.save()
    now = clock.now()
    is_paid = state in (CheckoutState.SETTLED, CheckoutState.REVERSING, CheckoutState.REFUNDING)
    return Checkout.objects.create(
        bill=bill, state=state, opened_at=now, pay_by=now + timedelta(minutes=minutes),
        order=bill.payment_orders.first(), paid_at=now if is_paid else None,
    )  # fmt: skip


def settled(patient: Patient) -> Checkout:
    """27.00 yuan that she paid by WeChat Pay: 2 × 10.00 and 2 × 3.50."""
    return checkout_of(paid.paid_bill(), patient, CheckoutState.SETTLED)


def groups(browser: Client) -> dict[str, str]:
    """Heading of a group -> its part of the page."""
    parts = browser.get("/orders/").text.split('id="group-')[1:]
    return {part.split('"')[0]: part for part in parts}


def test_bills_stand_under_what_she_has_to_do(browser: Client, patient: Patient) -> None:
    to_pay = checkout_of(open_bill(), patient, CheckoutState.DECLINED)
    settling = checkout_of(open_bill(), patient, CheckoutState.SETTLING)
    back = checkout_of(paid.paid_bill(), patient, CheckoutState.REFUNDING)
    done = settled(patient)

    found = groups(browser)

    assert list(found) == ["to_pay", "going_back", "under_way", "done"]
    for name, checkout in zip(found, (to_pay, back, settling, done), strict=True):
        assert checkout.bill.number in found[name]
    assert f'href="/pay/{to_pay.bill.number}/"' in found["to_pay"]
    assert "Please do not pay again" in found["under_way"]


def test_what_she_pays_is_on_the_button(browser: Client, patient: Patient) -> None:
    checkout = checkout_of(open_bill(), patient, CheckoutState.READY)
    state_parts(bill_id=checkout.bill_id, parts=Parts.of_cash(Decimal("10.00")), in_scope={})

    assert "Pay ¥10.00" in groups(browser)["to_pay"]


def test_after_the_time_nothing_asks_her_to_pay(browser: Client, patient: Patient) -> None:
    checkout_of(open_bill(), patient, CheckoutState.READY, minutes=-1)

    found = groups(browser)

    assert list(found) == ["under_way"]
    assert "The time to pay is over" in found["under_way"]
    assert 'href="/pay/' not in found["under_way"]


def test_a_part_that_goes_back_stands_above_what_is_done(browser: Client, patient: Patient) -> None:
    checkout = settled(patient)
    request = paid.lines_refunded(checkout.bill, {2: "1"})
    done = groups(browser)["done"]
    assert "¥3.50 of it came back to you" in done
    # Of 27.00 one unit of 3.50 is back: nothing beside it says that she pays 27.00.
    assert "You paid ¥27.00, ¥3.50 came back, ¥23.50 stands" in done
    assert "Your part" not in done
    one = browser.get(f"/orders/{checkout.bill.number}/").text
    assert one.count("¥23.50") == 1
    assert "Your part" not in one

    RefundRequest.objects.filter(pk=request.pk).update(state="sending")
    assert checkout.bill.number in groups(browser)["going_back"]


@pytest.mark.parametrize("state", [RefundState.REQUESTED, RefundState.PROCESSING, RefundState.FAILED])
def test_money_that_came_too_late_is_going_back_until_it_is_there(
    browser: Client, patient: Patient, state: RefundState
) -> None:
    checkout = checkout_of(paid.paid_bill(), patient, CheckoutState.CLOSED)
    order = checkout.bill.payment_orders.get()
    PaymentOrder.objects.filter(pk=order.pk).update(state=OrderState.LATE)
    refund = Refund.objects.create(
        order=order, number="R1", amount=order.amount, reason="-", state=state, requested_at=clock.now()
    )

    assert list(groups(browser)) == ["going_back"]
    assert "¥27.00 came too late and goes back to you" in browser.get(f"/orders/{checkout.bill.number}/").text

    Refund.objects.filter(pk=refund.pk).update(state=RefundState.DONE)
    assert "The ¥27.00 that came too late is back with you" in groups(browser)["done"]


def test_what_came_too_late_is_not_taken_for_a_part_of_what_she_paid(
    browser: Client, patient: Patient
) -> None:
    checkout = settled(patient)
    late = PaymentOrder.objects.get(pk=checkout.order_id)
    late.pk, late.number, late.state, late.transaction_id = None, "PLATE", OrderState.LATE, None
    late.save(force_insert=True)
    Refund.objects.create(
        order=late,
        number="R1",
        amount=late.amount,
        reason="-",
        state=RefundState.DONE,
        requested_at=clock.now(),
    )

    done = groups(browser)["done"]

    assert "You paid ¥27.00 of ¥27.00" in done
    assert "came back" not in done


def test_a_failed_refund_that_was_asked_for_anew_counts_no_more(browser: Client, patient: Patient) -> None:
    checkout = settled(patient)
    order = checkout.bill.payment_orders.get()
    common = {"order": order, "amount": Decimal("1.00"), "reason": "-", "requested_at": clock.now()}
    failed = Refund.objects.create(number="R1", state=RefundState.FAILED, **common)
    Refund.objects.create(number="R2", state=RefundState.DONE, replaces=failed, **common)

    assert list(groups(browser)) == ["done"]


def test_every_step_of_a_refund_is_on_the_page_of_the_bill(browser: Client, patient: Patient) -> None:
    checkout = settled(patient)
    request = paid.lines_refunded(checkout.bill, {2: "1"})
    page = browser.get(f"/orders/{checkout.bill.number}/").text
    for said in (
        "Refunded: ¥3.50",
        "Refund asked for",
        "Agreed to by the hospital",
        "¥3.50 goes back through WeChat Pay",
    ):
        assert said in page

    Refund.objects.filter(pk=request.payment_refund_id).update(state=RefundState.FAILED)
    RefundRequest.objects.filter(pk=request.pk).update(state="failed")
    page = browser.get(f"/orders/{checkout.bill.number}/now/").text
    assert "Our finance office has been told and will see to it." in page


def test_a_refund_that_was_not_agreed_to_says_why(browser: Client, patient: Patient) -> None:
    checkout = settled(patient)
    now = clock.now()
    RefundRequest.objects.create(
        number="T1", bill=checkout.bill, scope="cash", situation="hospital_fault", reason="多收了钱", state="declined",
        asked_amount=Decimal("1.00"), requested_at=now, decided_at=now, decline_reason="没有多收",
    )  # fmt: skip

    page = browser.get(f"/orders/{checkout.bill.number}/").text

    assert "Not refunded" in page
    assert "没有多收" in page


def test_somebody_else_sees_neither_list_nor_page(patient: Patient, signed_in: SignIn) -> None:
    checkout = settled(patient)
    stranger = signed_in(patient_user()[0], "en")

    assert checkout.bill.number not in stranger.get("/orders/").text
    assert stranger.get(f"/orders/{checkout.bill.number}/").status_code == 404
    assert stranger.get("/orders/B\0/").status_code == 404


def test_an_empty_list_says_what_would_be_there(browser: Client) -> None:
    page = browser.get("/orders/").text

    assert "No bills yet" in page
    assert 'href="/departments/"' in page


def test_more_bills_do_not_mean_more_statements_and_the_done_ones_have_pages(
    browser: Client, patient: Patient
) -> None:
    settled(patient)
    checkout_of(open_bill(), patient, CheckoutState.DECLINED)
    browser.get("/orders/")
    few = _statements(browser)
    for _number in range(3):
        settled(patient)
        checkout_of(open_bill(), patient, CheckoutState.DECLINED)

    assert _statements(browser) == few


def _statements(browser: Client) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert browser.get("/orders/").status_code == 200
    return len(asked)


def test_the_bell_of_her_list_rings_when_money_is_back(
    user: User, patient: Patient, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    request = paid.lines_refunded(settled(patient).bill, {2: "1"})
    rung: list[str] = []
    monkeypatch.setattr(live, "ring", rung.append)

    subscribers.show_request(RefundFinished(request.pk))

    assert rung == [f"user:{user.pk}"]
