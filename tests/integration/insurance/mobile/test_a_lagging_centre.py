"""A centre that lags, or gives back by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest

from insurance.gateway.mobile.client import MobilePaymentClient
from insurance.gateway.mobile.replies import OrderStatus
from insurance.gateway.mobile.requests import AskOrder
from insurance.gateway.port import Exchange
from insurance.models import (
    Claim,
    GatewayMessage,
    Settlement,
)
from insurance.states import ClaimState
from kernel import clock
from tests.integration.checkout.conftest import ask_again
from tests.integration.insurance.mobile.paying import Work, codes, kept, settle
from tests.verification.simulators import Simulators


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
