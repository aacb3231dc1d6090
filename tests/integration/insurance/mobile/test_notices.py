"""6302: what the centre tells us by itself."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from insurance.models import (
    Claim,
    InboundMessage,
    Verdict,
)
from insurance.operations import reverse_claim
from insurance.states import ClaimState
from kernel import clock
from tests.integration.insurance.mobile.paying import Work, kept, settle
from tests.verification.simulators import Simulators

URL = "/insurance/mobile/notifications/"


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
