"""A claim of a patient who authorised a payment with her e-voucher goes through the mobile payment centre."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override
from pytest_django import Settings

from accounts.models import User
from billing.models import Bill
from encounters.models import Encounter
from insurance.gateway.mobile.client import MobilePaymentClient
from insurance.gateway.mobile.replies import OrderStatus
from insurance.gateway.mobile.requests import AskOrder
from insurance.gateway.port import Exchange, GatewayRefused
from insurance.models import (
    AuthorizationWay,
    Claim,
    GatewayMessage,
    InboundMessage,
    MobileOrder,
    Route,
    Settlement,
    Verdict,
    VisitRegistration,
    VoucherAuthorization,
)
from insurance.operations import open_claim, reverse_claim, submit_claim
from insurance.operations.mobile import centre
from insurance.operations.mobile.orders import use_permission
from insurance.states import AuthorizationState, ClaimState
from kernel import clock
from tests.integration.checkout.conftest import ZHANG, ask_again
from tests.verification.simulators import Simulators

URL = "/insurance/mobile/notifications/"
Work = Callable[[], None]


@pytest.fixture
def phone(simulators: Simulators, settings: Settings) -> Iterator[Simulators]:
    """The mobile payment centre without orders; the hospital knows its address."""
    settings.INSURANCE_MOBILE_BASE_URL = f"{simulators.url}/mobilepay"
    centre._client.cache_clear()
    simulators.control("mobilepay", "reset", all=True)
    simulators.control("insurer", "person", id_number=ZHANG[1], balance="2.00", deducted="300.00")
    yield simulators
    simulators.control("mobilepay", "reset", all=True)
    centre._client.cache_clear()


def authorise(
    simulators: Simulators, encounter: Encounter, user: User, **changes: Any
) -> VoucherAuthorization:
    """She allowed a payment with her e-voucher a moment ago."""
    now = clock.now()
    values = {
        "encounter": encounter, "payer": encounter.patient, "asked_by": user, "way": AuthorizationWay.FACE,
        "business_number": f"B{encounter.pk}{now:%H%M%S%f}", "authorization_number": f"N{encounter.pk}{now:%H%M%S%f}",
        "voucher_token": f"EC{ZHANG[1]}", "payment_number": pay_permission(simulators),
        "insured_region": "330100", "state": AuthorizationState.GIVEN, "requested_at": now, "given_at": now,
        "expires_at": now + timedelta(minutes=5),
    }  # fmt: skip
    given = VoucherAuthorization.objects.create(**(values | changes))
    VisitRegistration.objects.update_or_create(
        encounter=encounter, defaults={"authorization": given, "coverage": encounter.coverage}
    )
    return given


def pay_permission(simulators: Simulators) -> str:
    """A payAuthNo that she has just allowed."""
    return str(simulators.control("mobilepay", "permission", id_number=ZHANG[1])["payAuthNo"])


@pytest.fixture
def allowed(bill: Bill, user: User, phone: Simulators) -> VoucherAuthorization:
    """Her permission to pay."""
    return authorise(phone, bill.encounter, user)


@pytest.fixture
def claim(bill: Bill, user: User, allowed: VoucherAuthorization, work: Work) -> Claim:
    """Presettled at the centre."""
    made = open_claim(bill_id=bill.pk, by=user, at=clock.now())
    work()
    made.refresh_from_db()
    return made


def settle(claim: Claim, work: Work) -> Claim:
    """Her cash is in: settle."""
    submit_claim(claim_id=claim.pk, by=None, at=clock.now())
    work()
    claim.refresh_from_db()
    return claim


def kept(simulators: Simulators, claim: Claim) -> list[tuple[int, str]]:
    """What the core holds of the batch: sign and total."""
    import httpx

    answer = httpx.get(
        f"{simulators.url}/insurer/control/settlements/", params={"chrg_bchno": claim.batch_number}
    )
    return [(row["sign"], row["medfee_sumamt"]) for row in answer.json()["settlements"]]


def codes(claim: Claim) -> list[str]:
    """Every message that was sent, in order."""
    return list(
        GatewayMessage.objects.filter(claim=claim).order_by("pk").values_list("transaction_code", flat=True)
    )


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


# -- a centre that lags, or gave back by itself -------------------------------------------------------


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the centre's next answers to 6301 say instead of the truth, in this order."""
    statuses: list[str] = []
    ask = MobilePaymentClient.ask_order

    def told(client: MobilePaymentClient, request: AskOrder) -> Exchange[OrderStatus]:
        answer = ask(client, request)
        return replace(answer, reply=replace(answer.reply, status=statuses.pop(0))) if statuses else answer

    monkeypatch.setattr(MobilePaymentClient, "ask_order", told)
    return statuses


@pytest.mark.parametrize("status", ["0", "1"])
def test_an_accepted_payment_that_is_not_shown_yet_is_asked_about_and_not_given_up(
    claim: Claim, work: Work, phone: Simulators, says: list[str], status: str
) -> None:
    says += [status, status]
    settle(claim, work)
    assert claim.state == ClaimState.UNCONFIRMED
    assert claim.mobile_order.polls == 1

    ask_again(work)
    ask_again(work)
    claim.refresh_from_db()

    assert claim.state == ClaimState.SETTLED
    assert kept(phone, claim) == [(1, "10.00")]


def test_a_payment_without_an_answer_is_closed_and_never_just_forgotten(
    claim: Claim, work: Work, phone: Simulators
) -> None:
    phone.control("mobilepay", "faults", kind="http_502", verb="6202")
    settle(claim, work)
    Claim.objects.filter(pk=claim.pk).update(last_asked_at=clock.now() - timedelta(hours=2))
    for _ in range(3):
        ask_again(work)
    claim.refresh_from_db()

    assert claim.state == ClaimState.VOIDED
    assert "6401" in codes(claim)


def test_an_order_that_is_still_open_after_its_revocation_is_not_taken_for_undone(
    claim: Claim, work: Work, phone: Simulators, says: list[str]
) -> None:
    phone.control("mobilepay", "faults", kind="http_502", verb="6202")
    settle(claim, work)
    says += ["1"] * 3
    ask_again(work)
    claim.refresh_from_db()
    assert claim.state == ClaimState.VOIDING

    ask_again(work)
    claim.refresh_from_db()
    assert claim.state == ClaimState.VOIDED


@pytest.mark.parametrize("status", ["7", "8", "11", "13"])
def test_a_payment_that_the_centre_gave_back_by_itself_goes_to_a_person(
    claim: Claim, work: Work, phone: Simulators, says: list[str], status: str
) -> None:
    says += [status, status]
    settle(claim, work)
    assert claim.state == ClaimState.UNCONFIRMED
    assert claim.needs_person_since is not None
    assert f"ordStas {status}" in claim.person_reason
    Claim.objects.update(needs_person_since=None, person_reason="")

    ask_again(work)
    claim.refresh_from_db()

    assert claim.state == ClaimState.UNCONFIRMED
    assert claim.needs_person_since is not None
    assert not Settlement.objects.filter(claim=claim).exists()


def test_tidying_up_that_is_refused_after_a_payment_was_sent_calls_a_person(
    claim: Claim, work: Work, phone: Simulators
) -> None:
    settle(claim, work)
    Claim.objects.filter(pk=claim.pk).update(state=ClaimState.DECLINED, next_ask_at=clock.now())
    ask_again(work)
    claim.refresh_from_db()

    assert GatewayMessage.objects.get(claim=claim, transaction_code="6401").state == "refused"
    assert claim.needs_person_since is not None
    assert "6401" in claim.person_reason


# -- 6302 -------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(claim: Claim, work: Work, phone: Simulators) -> Claim:
    """Paid at the centre, not confirmed here: its first answers say that it is in processing."""
    phone.control("mobilepay", "faults", kind="stays_processing", queries=1)
    return settle(claim, work)


def notice(phone: Simulators, claim: Claim, **fields: Any) -> dict[str, Any]:
    """The sealed call of the centre about the claim's order."""
    return phone.control("mobilepay", "notification", payOrdId=claim.mobile_order.centre_number, **fields)


def post(client: Client, body: Any) -> int:
    """Its status."""
    return client.post(URL, body, content_type="application/json").status_code


def test_a_notice_settles_by_asking_and_counts_once(
    waiting: Claim, work: Work, phone: Simulators, client: Client
) -> None:
    assert waiting.state == ClaimState.UNCONFIRMED
    body = notice(phone, waiting)

    assert [post(client, body), post(client, body), post(client, notice(phone, waiting))] == [200, 200, 200]
    work()
    waiting.refresh_from_db()

    assert waiting.state == ClaimState.SETTLED
    assert [row.verdict for row in waiting.inbound_messages.all()] == [
        Verdict.ACCEPTED, Verdict.REPEATED, Verdict.REPEATED,
    ]  # fmt: skip
    assert kept(phone, waiting) == [(1, "10.00")]


def test_a_forged_notice_is_401_recorded_and_changes_nothing(
    waiting: Claim, phone: Simulators, client: Client
) -> None:
    assert post(client, notice(phone, waiting, forged=True)) == 401

    waiting.refresh_from_db()
    assert waiting.state == ClaimState.UNCONFIRMED
    row = InboundMessage.objects.get()
    assert (row.verdict, row.claim, row.remote_address) == (Verdict.BAD_SIGNATURE, None, "127.0.0.1")
    assert "signData" in row.body


def test_an_old_notice_is_not_taken(
    waiting: Claim, phone: Simulators, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = notice(phone, waiting)
    later = clock.now() + timedelta(minutes=6)
    monkeypatch.setattr("insurance.pages.mobile_notices.clock.now", lambda: later)

    assert post(client, body) == 401
    assert "older than five minutes" in InboundMessage.objects.get().reason


@pytest.mark.parametrize(
    "body", ["", "no JSON", "[]", '"text"', '{"encData": "zz"}', '{"encData": {"a": 1}}', "\0"]
)
def test_what_cannot_be_read_is_kept_as_received(
    db: None, phone: Simulators, client: Client, body: str
) -> None:
    assert post(client, body) == 400

    row = InboundMessage.objects.get()
    assert (row.verdict, row.body) == (Verdict.UNREADABLE, body.replace("\0", ""))


def test_a_notice_nested_without_end_is_kept_and_does_no_harm(
    db: None, phone: Simulators, client: Client
) -> None:
    body = '{"encData": ' + "[" * 9000 + "]" * 9000 + "}"
    assert client.post(URL, body, content_type="application/json").status_code == 400
    assert InboundMessage.objects.get().verdict == Verdict.UNREADABLE


def test_a_notice_to_a_hospital_without_keys_is_kept(db: None, client: Client, settings: Settings) -> None:
    settings.INSURANCE_MOBILE_PRIVATE_KEY = ""
    assert client.post(URL, '{"encData": "00"}', content_type="application/json").status_code == 400
    assert InboundMessage.objects.get().verdict == Verdict.UNREADABLE


def test_a_notice_with_other_amounts_calls_a_person_and_is_not_acted_upon(
    claim: Claim, work: Work, phone: Simulators, client: Client
) -> None:
    for fields in ({"kind": "stays_processing", "queries": 1}, {"kind": "callback_other_amounts"}):
        phone.control("mobilepay", "faults", **fields)
    settle(claim, work)

    assert post(client, notice(phone, claim)) == 200

    claim.refresh_from_db()
    assert InboundMessage.objects.get().verdict == Verdict.MISMATCH
    assert claim.needs_person_since is not None
    assert "6302" in claim.person_reason
    assert claim.state == ClaimState.UNCONFIRMED


@pytest.mark.parametrize("state", [ClaimState.DECLINED, ClaimState.VOIDED, ClaimState.ABANDONED])
def test_a_notice_of_a_payment_on_a_claim_that_ended_without_one_calls_a_person(
    waiting: Claim, phone: Simulators, client: Client, state: ClaimState
) -> None:
    Claim.objects.filter(pk=waiting.pk).update(state=state)

    assert post(client, notice(phone, waiting)) == 200

    waiting.refresh_from_db()
    assert InboundMessage.objects.get().verdict == Verdict.MISMATCH
    assert (waiting.state, waiting.needs_person_since is not None) == (state, True)
    assert "ordStas 4" in waiting.person_reason


def test_a_notice_of_giving_back_on_a_settled_claim_calls_a_person(
    claim: Claim, work: Work, phone: Simulators, client: Client
) -> None:
    settle(claim, work)
    reverse_claim(claim_id=claim.pk, by=None, at=clock.now())
    work()
    Claim.objects.filter(pk=claim.pk).update(state=ClaimState.SETTLED)

    assert post(client, notice(phone, claim)) == 200

    claim.refresh_from_db()
    assert (claim.state, claim.needs_person_since is not None) == (ClaimState.SETTLED, True)


def test_only_a_post_is_heard(client: Client) -> None:
    assert client.get(URL).status_code == 405
