"""A bill from the estimate to the settlement, with a real insurer and a real channel beside us.

The fund pays 70 % of what is in scope for a retired employee (the insurer's demonstration policy): of 10.00 yuan,
class A, it pays 7.00; her account holds 1.00; 2.00 are left for her.
"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from accounts.models import User
from billing.models import Bill
from checkout.events import SettlementRefused
from checkout.models import Checkout
from checkout.operations import open_checkout, start_payment, unwind
from checkout.pages.presenters import timeline
from checkout.states import CheckoutState
from insurance.models import Claim, Settlement
from insurance.states import ClaimState
from kernel import clock, events
from payments.models import PaymentOrder, Refund, Scene
from tests.integration.checkout.conftest import (
    ZHANG,
    ask_again,
    finish_refund,
    pay,
    settlements_at_the_insurer,
)
from tests.verification.simulators import Simulators

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], None]


def test_the_estimate_says_who_pays(checkout: Checkout) -> None:
    bill = checkout.bill
    bill.refresh_from_db()
    assert checkout.state == CheckoutState.READY
    assert (bill.fund_amount, bill.account_amount, bill.cash_amount) == (
        Decimal("7.00"), Decimal("1.00"), Decimal("2.00"),
    )  # fmt: skip


def test_a_paid_share_leads_to_one_settlement_here_and_there(
    checkout: Checkout, user: User, simulators: Simulators, work: Work
) -> None:
    pay(checkout, user, simulators, work)

    checkout.bill.refresh_from_db()
    settlement = Settlement.objects.get()
    assert checkout.state == CheckoutState.SETTLED
    assert checkout.bill.state == "settled"
    assert (settlement.fund_amount, settlement.account_amount, settlement.cash_amount) == (
        Decimal("7.00"), Decimal("1.00"), Decimal("2.00"),
    )  # fmt: skip
    assert [row["msgid"] for row in settlements_at_the_insurer(simulators)] == [settlement.msgid]


def test_the_shares_of_the_lines_sum_to_the_parts_of_the_bill(
    checkout: Checkout, user: User, simulators: Simulators, work: Work
) -> None:
    pay(checkout, user, simulators, work)
    line = checkout.bill.lines.get()
    assert (line.fund_amount, line.account_amount, line.cash_amount) == (
        Decimal("7.00"), Decimal("1.00"), Decimal("2.00"),
    )  # fmt: skip


def test_a_double_press_on_pay_opens_one_order(checkout: Checkout, user: User, work: Work) -> None:
    for _press in range(2):
        start_payment(checkout_id=checkout.pk, scene=Scene.H5, by=user, at=clock.now())
    assert PaymentOrder.objects.count() == 1


@pytest.mark.parametrize(
    "fault",
    ["silent_after_commit", "http_502_after_commit", "error_minus1_after_commit", "non_json", "null_setl_id"],
)
def test_an_answer_that_is_lost_is_asked_for_again_and_settles_once(
    fault: str, checkout: Checkout, user: User, simulators: Simulators, work: Work
) -> None:
    simulators.control("insurer", "faults", infno="2207A", kind=fault, delay_seconds=5)
    pay(checkout, user, simulators, work)
    assert checkout.state == CheckoutState.SETTLING
    assert Claim.objects.get().state == ClaimState.UNCONFIRMED

    ask_again(work)

    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.SETTLED
    assert Settlement.objects.count() == 1
    assert len(settlements_at_the_insurer(simulators)) == 1


def test_a_record_without_its_number_is_not_believed_but_asked_for_again(
    checkout: Checkout, user: User, simulators: Simulators, work: Work
) -> None:
    simulators.control("insurer", "faults", infno="2207A", kind="http_502_after_commit")
    simulators.control("insurer", "faults", infno="5203", kind="null_setl_id", count=1)
    pay(checkout, user, simulators, work)
    ask_again(work)
    assert Claim.objects.get().state == ClaimState.UNCONFIRMED
    assert not Settlement.objects.exists()
    ask_again(work)
    assert [Settlement.objects.get().number] == [
        row["setl_id"] for row in settlements_at_the_insurer(simulators)
    ]


def test_an_insurer_that_never_saw_the_message_gets_it_again_under_the_same_number(
    checkout: Checkout, user: User, simulators: Simulators, work: Work
) -> None:
    simulators.control("insurer", "faults", infno="2207A", kind="http_502")
    pay(checkout, user, simulators, work)
    number = Claim.objects.get().settle_msgid
    ask_again(work)
    assert [row["msgid"] for row in settlements_at_the_insurer(simulators)] == [number]


def test_an_insurer_that_does_not_repeat_its_answer_is_asked_what_it_holds(
    checkout: Checkout, user: User, simulators: Simulators, work: Work
) -> None:
    simulators.control("insurer", "manners", repeated_msgid="refuse")
    simulators.control("insurer", "faults", infno="2207A", kind="http_502_after_commit")
    pay(checkout, user, simulators, work)
    ask_again(work)
    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.SETTLED
    assert len(settlements_at_the_insurer(simulators)) == 1


def test_a_refusal_of_a_message_that_was_carried_out_before_is_no_refusal(
    checkout: Checkout, user: User, simulators: Simulators, work: Work
) -> None:
    simulators.control("insurer", "faults", infno="2207A", kind="http_502_after_commit")
    pay(checkout, user, simulators, work)
    simulators.control("insurer", "faults", infno="2207A", kind="business_error", text="该费用已结算")
    ask_again(work)
    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.SETTLED
    assert Refund.objects.count() == 0
    assert Settlement.objects.get().msgid == settlements_at_the_insurer(simulators)[0]["msgid"]


def test_a_refusal_after_silence_counts_when_the_insurer_holds_nothing(
    checkout: Checkout, user: User, simulators: Simulators, work: Work
) -> None:
    simulators.control("insurer", "faults", infno="2207A", kind="http_502")
    pay(checkout, user, simulators, work)
    simulators.control("insurer", "faults", infno="2207A", kind="business_error", text="演示：不予结算")
    ask_again(work)
    finish_refund(work)
    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.REFUNDED
    assert settlements_at_the_insurer(simulators) == []


def test_a_reversal_refused_because_it_was_carried_out_before_is_done(
    checkout: Checkout, user: User, simulators: Simulators, work: Work
) -> None:
    pay(checkout, user, simulators, work)
    simulators.control("insurer", "faults", infno="2208", kind="http_502_after_commit")
    unwind(bill_id=checkout.bill_id, reason="医生终止就诊", by=None, at=clock.now())
    work()
    simulators.control("insurer", "faults", infno="2208", kind="business_error", text="该结算已撤销")
    ask_again(work)
    finish_refund(work)
    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.REFUNDED
    assert len(settlements_at_the_insurer(simulators)) == 2


def test_a_refused_settlement_gives_her_share_back(
    checkout: Checkout, user: User, simulators: Simulators, work: Work
) -> None:
    simulators.control("insurer", "faults", infno="2207A", kind="business_error", text="演示：不予结算")
    pay(checkout, user, simulators, work)
    finish_refund(work)
    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.REFUNDED
    assert "演示：不予结算" in checkout.decline_reason
    assert Refund.objects.get().amount == Decimal("2.00")
    assert settlements_at_the_insurer(simulators) == []


def test_another_amount_than_agreed_goes_back_in_both_parts(
    checkout: Checkout, user: User, simulators: Simulators, work: Work
) -> None:
    simulators.control("insurer", "faults", infno="2207A", kind="amounts_differ")
    pay(checkout, user, simulators, work)
    finish_refund(work)
    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.REFUNDED
    assert len(settlements_at_the_insurer(simulators)) == 2
    assert sum(Settlement.objects.values_list("fund_amount", flat=True)) == 0
    with translation.override("en"):
        assert "¥2.00 goes back to WeChat Pay, the way it came" in [item.what for item in timeline(checkout)]


def test_more_from_her_account_than_she_was_told_goes_back_and_the_service_is_told(
    bill: Bill, user: User, simulators: Simulators, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    monkeypatch.setitem(events._handlers, SettlementRefused, [lambda event: told.append(event.bill_id)])
    simulators.control("insurer", "person", id_number=ZHANG[1], balance="100.00", deducted="300.00")
    now = clock.now()
    made = open_checkout(
        bill_id=bill.pk, uses_insurance=True, pay_by=now + timedelta(minutes=15), by=user, at=now
    )
    work()
    simulators.control("insurer", "faults", infno="2207A", kind="amounts_differ")
    start_payment(checkout_id=made.pk, scene=Scene.NATIVE, by=user, at=clock.now())
    work()
    made.refresh_from_db()
    assert made.state == CheckoutState.REFUNDED
    assert len(settlements_at_the_insurer(simulators)) == 2
    assert told == [bill.pk]


def test_a_settled_bill_goes_back_insurance_first_then_cash(
    checkout: Checkout, user: User, simulators: Simulators, work: Work
) -> None:
    pay(checkout, user, simulators, work)
    unwind(bill_id=checkout.bill_id, reason="医生终止就诊", by=None, at=clock.now())
    work()
    finish_refund(work)

    checkout.refresh_from_db()
    checkout.bill.refresh_from_db()
    original, reversal = Settlement.objects.order_by("pk")
    assert checkout.state == CheckoutState.REFUNDED
    assert checkout.bill.state == "refunded"
    assert reversal.reverses == original
    assert reversal.fund_amount == Decimal("-7.00")
    assert Refund.objects.get().amount == Decimal("2.00")


def test_going_back_twice_goes_back_once(
    checkout: Checkout, user: User, simulators: Simulators, work: Work
) -> None:
    pay(checkout, user, simulators, work)
    for _press in range(2):
        unwind(bill_id=checkout.bill_id, reason="医生终止就诊", by=None, at=clock.now())
        work()
    finish_refund(work)
    assert Refund.objects.count() == 1
    assert len(settlements_at_the_insurer(simulators)) == 2


@pytest.mark.parametrize("fault", ["http_502", "http_502_after_commit"])
def test_going_back_while_the_outcome_is_unknown_undoes_it_at_the_insurer(
    fault: str, checkout: Checkout, user: User, simulators: Simulators, work: Work
) -> None:
    simulators.control("insurer", "faults", infno="2207A", kind=fault)
    pay(checkout, user, simulators, work)
    unwind(bill_id=checkout.bill_id, reason="医生终止就诊", by=None, at=clock.now())
    work()
    finish_refund(work)
    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.REFUNDED
    assert Claim.objects.get().state == ClaimState.VOIDED
    assert settlements_at_the_insurer(simulators) == []
    assert Settlement.objects.count() == 0


def test_what_cannot_be_undone_any_more_is_waited_for_and_taken_back(
    checkout: Checkout, user: User, simulators: Simulators, work: Work
) -> None:
    simulators.control("insurer", "faults", infno="2207A", kind="http_502_after_commit")
    pay(checkout, user, simulators, work)
    Claim.objects.update(submitted_at=clock.now() - timedelta(days=1))  # it is past midnight now
    unwind(bill_id=checkout.bill_id, reason="医生终止就诊", by=None, at=clock.now())
    work()
    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.SETTLING
    assert Refund.objects.count() == 0

    ask_again(work)
    finish_refund(work)

    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.REFUNDED
    assert len(settlements_at_the_insurer(simulators)) == 2


def test_a_lost_reversal_is_asked_for_again_and_reverses_once(
    checkout: Checkout, user: User, simulators: Simulators, work: Work
) -> None:
    pay(checkout, user, simulators, work)
    simulators.control("insurer", "faults", infno="2208", kind="http_502_after_commit")
    unwind(bill_id=checkout.bill_id, reason="医生终止就诊", by=None, at=clock.now())
    work()
    assert Claim.objects.get().state == ClaimState.REVERSAL_UNCONFIRMED
    ask_again(work)
    finish_refund(work)
    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.REFUNDED
    assert len(settlements_at_the_insurer(simulators)) == 2
