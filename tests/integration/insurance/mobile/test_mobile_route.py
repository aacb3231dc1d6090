"""A claim of a patient who authorised a payment with her e-voucher goes through the mobile payment centre."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override
from pytest_django import Settings

from accounts.models import User
from billing.models import Bill
from insurance.gateway.port import GatewayRefused
from insurance.models import (
    Claim,
    GatewayMessage,
    MobileOrder,
    Route,
    Settlement,
    VoucherAuthorization,
)
from insurance.operations import open_claim, reverse_claim
from insurance.operations.mobile.orders import use_permission
from insurance.states import AuthorizationState, ClaimState
from kernel import clock
from tests.integration.checkout.conftest import ask_again
from tests.integration.insurance.mobile.paying import Work, authorise, codes, kept, settle
from tests.verification.simulators import Simulators


def test_the_estimate_comes_from_the_mobile_centre(claim: Claim) -> None:
    assert (claim.route, claim.state) == (Route.MOBILE, ClaimState.PRESETTLED)
    assert (claim.fund_amount, claim.account_amount, claim.cash_amount) == (
        Decimal(7),
        Decimal(2),
        Decimal(1),
    )
    assert claim.in_scope_amount == Decimal(10)
    assert claim.scope_by_line() == {1: Decimal("10.00")}
    assert claim.mobile_order.centre_number.startswith("ORD")
    assert codes(claim) == ["6201"]


def test_a_settled_claim_has_the_cores_record_and_the_permission_is_used(
    claim: Claim, work: Work, phone: Simulators, allowed: VoucherAuthorization
) -> None:
    settle(claim, work)

    assert claim.state == ClaimState.SETTLED
    settlement = claim.settlements.get()
    assert (settlement.fund_amount, settlement.account_amount, settlement.cash_amount) == (7, 2, 1)
    assert settlement.clearing_type == "11"
    assert not settlement.number.startswith("ORD")
    assert kept(phone, claim) == [(1, "10.00")]
    allowed.refresh_from_db()
    order = claim.mobile_order
    assert (allowed.state, order.authorization_id) == (AuthorizationState.USED, allowed.pk)
    assert (order.status, order.settlement_type, order.total_amount) == ("4", "HI", Decimal(10))


def test_a_reversal_gives_the_insurance_part_back_once(claim: Claim, work: Work, phone: Simulators) -> None:
    settle(claim, work)
    reverse_claim(claim_id=claim.pk, by=None, at=clock.now())
    work()
    claim.refresh_from_db()

    assert claim.state == ClaimState.REVERSED
    assert [row.total_amount for row in claim.settlements.order_by("pk")] == [Decimal(10), Decimal(-10)]
    assert sorted(kept(phone, claim)) == [(-1, "-10.00"), (1, "10.00")]
    refund = claim.mobile_order.refunds.get()
    assert (refund.kind, refund.status, refund.total_amount, refund.cash_amount) == ("HI", "SUCC", 9, 0)


@pytest.mark.parametrize("kind", ["http_502_after", "system_error_after", "wrong_signature"])
def test_a_payment_whose_answer_is_lost_is_found_and_never_sent_again(
    claim: Claim, work: Work, phone: Simulators, kind: str
) -> None:
    phone.control("mobilepay", "faults", kind=kind, verb="6202")
    settle(claim, work)
    assert claim.state == ClaimState.UNCONFIRMED

    ask_again(work)
    claim.refresh_from_db()

    assert claim.state == ClaimState.SETTLED
    assert codes(claim).count("6202") == 1
    assert GatewayMessage.objects.get(claim=claim, transaction_code="6202").attempts == 1
    assert kept(phone, claim) == [(1, "10.00")]


@pytest.mark.parametrize("days", [0, 1])
def test_a_payment_that_never_arrived_closes_the_order_and_is_not_tried_with_the_same_permission(
    claim: Claim, work: Work, phone: Simulators, allowed: VoucherAuthorization, days: int
) -> None:
    phone.control("mobilepay", "faults", kind="http_502", verb="6202")
    settle(claim, work)
    assert claim.state == ClaimState.UNCONFIRMED
    # Also when it is asked about after midnight: an unpaid order can be closed on any day.
    Claim.objects.filter(pk=claim.pk).update(submitted_at=clock.now() - timedelta(days=days))

    for _ in range(3):
        ask_again(work)
    claim.refresh_from_db()

    assert claim.state == ClaimState.VOIDED
    assert codes(claim).count("6202") == 1
    assert kept(phone, claim) == []
    allowed.refresh_from_db()
    assert allowed.state == AuthorizationState.USED


def test_an_order_in_processing_is_asked_about_again_by_itself(
    claim: Claim, work: Work, phone: Simulators, settings: Settings
) -> None:
    settings.INSURANCE_ASK_AGAIN_FASTER = 1_000_000
    phone.control("mobilepay", "faults", kind="stays_processing", queries=3)
    settle(claim, work)
    for _ in range(3):
        work()
    claim.refresh_from_db()

    assert claim.state == ClaimState.SETTLED
    assert claim.mobile_order.polls == 3
    assert codes(claim).count("6202") == 1


def test_twelve_polls_and_no_more(claim: Claim, work: Work, phone: Simulators, settings: Settings) -> None:
    settings.INSURANCE_ASK_AGAIN_FASTER = 1_000_000
    phone.control("mobilepay", "faults", kind="not_said", queries=40)
    settle(claim, work)
    for _ in range(16):
        work()
    claim.refresh_from_db()

    assert claim.state == ClaimState.UNCONFIRMED
    assert claim.mobile_order.polls == 12
    assert codes(claim).count("6301") == 13


def test_a_failed_settlement_ends_the_claim_and_leaves_nothing(
    claim: Claim, work: Work, phone: Simulators
) -> None:
    phone.control("mobilepay", "faults", kind="settlement_fails")
    settle(claim, work)

    assert claim.state == ClaimState.DECLINED
    assert kept(phone, claim) == []
    assert not Settlement.objects.filter(claim=claim).exists()


def test_amounts_that_differ_from_the_payment_go_to_a_person_and_not_into_the_books(
    claim: Claim, work: Work, phone: Simulators
) -> None:
    phone.control("mobilepay", "faults", kind="other_amounts")
    settle(claim, work)

    assert claim.state == ClaimState.UNCONFIRMED
    assert claim.needs_person_since is not None
    assert "agreed before" in claim.person_reason
    assert not Settlement.objects.filter(claim=claim).exists()


def test_a_refund_of_unknown_outcome_is_asked_about_under_its_own_number(
    claim: Claim, work: Work, phone: Simulators
) -> None:
    settle(claim, work)
    phone.control("mobilepay", "faults", kind="refund_exp")
    reverse_claim(claim_id=claim.pk, by=None, at=clock.now())
    work()
    claim.refresh_from_db()
    number = claim.reverse_msgid
    assert claim.state == ClaimState.REVERSAL_UNCONFIRMED

    ask_again(work)
    claim.refresh_from_db()

    assert (claim.state, claim.reverse_msgid) == (ClaimState.REVERSED, number)
    assert claim.mobile_order.refunds.count() == 1
    assert len(kept(phone, claim)) == 2


def test_without_a_permission_the_claim_goes_through_the_core(
    bill: Bill, user: User, phone: Simulators, work: Work
) -> None:
    made = open_claim(bill_id=bill.pk, by=user, at=clock.now())
    work()
    made.refresh_from_db()

    assert (made.route, made.state) == (Route.CORE, ClaimState.PRESETTLED)
    assert not MobileOrder.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"state": AuthorizationState.USED},
        {"payment_number": ""},
        {"expires_at": clock.now() - timedelta(hours=1)},
    ],
)
def test_a_permission_that_is_used_missing_or_over_is_none(
    bill: Bill, user: User, phone: Simulators, work: Work, changes: dict[str, Any]
) -> None:
    authorise(phone, bill.encounter, user, **changes)

    assert open_claim(bill_id=bill.pk, by=user, at=clock.now()).route == Route.CORE


def test_a_permission_that_runs_out_before_her_payment_is_refused_without_a_message(
    claim: Claim, work: Work, allowed: VoucherAuthorization
) -> None:
    VoucherAuthorization.objects.filter(pk=allowed.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    with override("en"):
        settle(claim, work)

    assert claim.state == ClaimState.DECLINED
    assert "authorise again" in claim.refusal
    assert "6202" not in codes(claim)


def test_a_permission_is_spent_before_it_is_sent_and_only_once(claim: Claim) -> None:
    order = claim.mobile_order
    use_permission(order, business_number="B1", at=clock.now())

    with override("en"), pytest.raises(GatewayRefused, match="run out"):
        use_permission(order, business_number="B2", at=clock.now())


def test_a_claim_given_up_closes_the_order_at_the_centre(claim: Claim, work: Work) -> None:
    from insurance.operations import abandon_claim

    abandon_claim(claim_id=claim.pk, by=None, at=clock.now())
    ask_again(work)

    assert codes(claim)[-1] == "6401"
    status = claim.mobile_order.claim.messages.get(transaction_code="6401").state
    assert status == "answered"
