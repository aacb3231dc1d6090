"""What goes back by itself, and what a person must look at when insurer or channel do not do it."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from billing.models import Bill
from checkout.models import Checkout
from checkout.operations import open_checkout
from checkout.states import CheckoutState
from insurance.models import Claim
from insurance.operations import conclude_by_hand, take_over
from insurance.rules.commands import Conclusion
from kernel import clock
from payments.models import Refund
from payments.operations.sweeping import sweep
from refunds.models import RefundPolicy, RefundRequest
from refunds.operations import approve, refund_amount, refund_by_policy, send_again
from refunds.queries.steps import steps_of
from refunds.rules.situations import Situation
from refunds.states import RefundRequestState
from tests.factories.accounts import UserFactory
from tests.integration.checkout.conftest import finish_refund
from tests.verification.simulators import Simulators

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], None]


def by_itself(checkout: Checkout, situation: Situation) -> RefundRequest | None:
    return refund_by_policy(bill_id=checkout.bill_id, situation=situation, by=None, at=clock.now())


def test_a_doctor_who_refuses_gives_everything_back_without_asking(insured: Checkout, work: Work) -> None:
    request = by_itself(insured, Situation.DOCTOR_REFUSES)
    assert request is not None
    assert request.state == RefundRequestState.SENDING
    work()
    finish_refund(work)
    request.refresh_from_db()
    insured.refresh_from_db()
    assert (request.state, insured.state) == (RefundRequestState.DONE, CheckoutState.REFUNDED)
    assert request.parts is not None
    assert (request.parts.fund, request.parts.account, request.parts.cash) == (
        Decimal("21.00"), Decimal("1.00"), Decimal("8.00"),
    )  # fmt: skip
    assert {step.kind for step in steps_of(request)} == {"done"}


def test_asking_the_policy_twice_is_one_refund(paid: Checkout, work: Work) -> None:
    first, again = (by_itself(paid, Situation.DOCTOR_AWAY) for _time in range(2))
    finish_refund(work)
    assert first == again
    assert [refund.amount for refund in Refund.objects.all()] == [Decimal("30.00")]


def test_after_the_time_of_the_visit_nothing_goes_back(paid: Checkout) -> None:
    assert by_itself(paid, Situation.CANCELLED_AFTER) is None
    paid.refresh_from_db()
    assert paid.state == CheckoutState.SETTLED


def test_a_row_of_the_hospital_takes_the_place_of_the_shipped_policy(paid: Checkout) -> None:
    RefundPolicy.objects.create(
        situation=Situation.CANCELLED_AFTER, gives="everything", is_automatic=True, source="院务会", grade="O"
    )
    assert by_itself(paid, Situation.CANCELLED_AFTER) is not None


@pytest.mark.parametrize("situation", [Situation.DOCTOR_AWAY, Situation.CANCELLED_AFTER])
def test_what_nobody_has_paid_is_closed_whatever_the_policy(
    bill: Bill, user: User, situation: Situation
) -> None:
    now = clock.now()
    made = open_checkout(
        bill_id=bill.pk, uses_insurance=False, pay_by=now + timedelta(minutes=15), by=user, at=now
    )
    assert by_itself(made, situation) is None
    made.refresh_from_db()
    assert made.state == CheckoutState.CLOSED
    assert not RefundRequest.objects.exists()


def test_when_the_nurse_had_set_out_the_fee_for_coming_is_kept(
    paid: Checkout, colleague: User, work: Work
) -> None:
    item = paid.bill.lines.get(number=1).price.item
    item.category = "onsite_fee"
    item.save(update_fields=["category"])
    request = by_itself(paid, Situation.NURSE_SET_OUT)
    assert request is not None
    assert request.state == RefundRequestState.REQUESTED, "the nursing fee goes back after a person agreed"
    approve(request_id=request.pk, by=colleague, at=clock.now())
    finish_refund(work)
    assert [refund.amount for refund in Refund.objects.all()] == [Decimal("20.00")]


def test_what_the_insurer_does_not_settle_shows_its_way_back(
    checkout: Checkout, user: User, simulators: Simulators, work: Work
) -> None:
    from tests.integration.checkout.conftest import pay

    simulators.control("insurer", "faults", infno="2207A", kind="business_error", text="演示：待遇暂停")
    pay(checkout, user, simulators, work)
    finish_refund(work)
    request = RefundRequest.objects.get()
    assert (request.situation, request.state) == ("not_settled", RefundRequestState.DONE)
    assert request.parts is not None
    assert (request.parts.cash, request.parts.total) == (Decimal("8.00"), Decimal("8.00"))


def test_what_the_channel_cannot_give_waits_for_a_person_and_is_sent_again(
    paid: Checkout, clerk: User, simulators: Simulators, work: Work
) -> None:
    simulators.control("wechatpay", "faults", kind="not_enough", verb="refund")
    request = by_itself(paid, Situation.DOCTOR_REFUSES)
    assert request is not None
    work()
    request.refresh_from_db()
    assert (request.state, "NOT_ENOUGH" in request.failure) == (RefundRequestState.FAILED, True)
    send_again(request_id=request.pk, by=clerk, at=clock.now())
    finish_refund(work)
    sweep(at=clock.now() + timedelta(minutes=5))
    work()
    request.refresh_from_db()
    assert request.state == RefundRequestState.DONE


def test_a_settlement_that_the_insurer_keeps_waits_for_a_person(
    insured: Checkout, simulators: Simulators, work: Work
) -> None:
    simulators.control("insurer", "faults", infno="2208", kind="http_502")
    request = by_itself(insured, Situation.DOCTOR_REFUSES)
    work()
    long_ago, officer = clock.now() - timedelta(days=6), UserFactory()
    Claim.objects.update(
        needs_person_since=long_ago, unknown_since=long_ago, last_asked_at=long_ago, next_ask_at=None
    )
    claim_id = insured.claim_id or 0
    take_over(claim_id=claim_id, by=officer, at=clock.now())
    conclude_by_hand(
        claim_id=claim_id, conclusion=Conclusion.STANDS, reason="李会计在经办系统中查到未撤销", by=officer,
        at=clock.now(),
    )  # fmt: skip
    assert request is not None
    request.refresh_from_db()
    assert request.state == RefundRequestState.FAILED
    assert not Refund.objects.exists()


def test_an_amount_that_a_corrected_price_gives_back_goes_to_the_channel_once(
    paid: Checkout, work: Work
) -> None:
    def once() -> RefundRequest | None:
        return refund_amount(
            bill_id=paid.bill_id, amount=Decimal("2.50"), situation=Situation.PRICE_CORRECTED, key="payback:1",
            by=None, at=clock.now(),
        )  # fmt: skip

    assert once() == once()
    finish_refund(work)
    assert [refund.amount for refund in Refund.objects.all()] == [Decimal("2.50")]
    assert RefundRequest.objects.get().state == RefundRequestState.DONE


def test_an_amount_beyond_what_is_left_of_her_payment_is_left_to_the_office(paid: Checkout) -> None:
    asked: dict[str, Any] = {"situation": Situation.PRICE_CORRECTED, "by": None, "at": clock.now()}
    assert refund_amount(bill_id=paid.bill_id, amount=Decimal("30.01"), key="payback:1", **asked) is None
    assert not RefundRequest.objects.exists()
