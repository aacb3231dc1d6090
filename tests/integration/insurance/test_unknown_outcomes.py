"""What becomes of a settlement when the insurer is silent, contradicts itself, refuses late, or answers wrongly."""

import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from audit.models import AuditEntry
from checkout.models import Checkout
from insurance.models import Claim, GatewayMessage, Settlement
from insurance.operations import reverse_claim, submit_claim
from insurance.operations.settling import settle_claim
from insurance.rules.schedule import NOTHING_ARRIVES_LATE, UNKNOWN_OUTCOME
from insurance.states import ClaimState
from kernel import clock
from tests.integration.checkout.conftest import ask_again
from tests.verification.simulators import Simulators

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], None]
LATE_BY = 5
"""Seconds; more than the product waits for an answer in tests."""


def held(simulators: Simulators) -> list[dict[str, Any]]:
    """Everything the insurer holds, settlements and cancellations."""
    answer = httpx.get(f"{simulators.url}/insurer/control/settlements/", timeout=30)
    return list(answer.json()["settlements"])


def goes_wrong(simulators: Simulators, infno: str, kind: str, **more: object) -> None:
    simulators.control("insurer", "faults", infno=infno, kind=kind, **more)


@pytest.fixture
def submitted(checkout: Checkout) -> Claim:
    """On its way; the job has not run yet."""
    return submit_claim(claim_id=checkout.claim_id or 0, by=None, at=clock.now())


@pytest.fixture
def settled(submitted: Claim, work: Work) -> Claim:
    """In force on both sides."""
    work()
    submitted.refresh_from_db()
    assert submitted.state == ClaimState.SETTLED
    return submitted


def test_silence_begins_the_schedule_and_the_known_outcome_ends_it(
    submitted: Claim, simulators: Simulators, work: Work
) -> None:
    goes_wrong(simulators, "2207A", "http_502_after_commit")
    work()
    submitted.refresh_from_db()
    assert submitted.state == ClaimState.UNCONFIRMED
    assert submitted.next_ask_at == submitted.unknown_since, "asked again at once"
    ask_again(work)
    submitted.refresh_from_db()
    assert (submitted.state, submitted.next_ask_at, submitted.unknown_since) == (
        ClaimState.SETTLED,
        None,
        None,
    )


def test_the_insurer_is_asked_what_it_holds_before_anything_is_sent_again(
    submitted: Claim, simulators: Simulators, work: Work
) -> None:
    goes_wrong(simulators, "2207A", "http_502_after_commit")
    work()
    ask_again(work)
    sent = GatewayMessage.objects.filter(claim=submitted, transaction_code="2207A")
    assert [message.attempts for message in sent] == [1]
    assert GatewayMessage.objects.filter(claim=submitted, transaction_code="5203").count() == 1


def test_after_five_days_of_silence_a_person_must_look_and_the_row_says_so(
    submitted: Claim, simulators: Simulators, work: Work
) -> None:
    goes_wrong(simulators, "*", "http_502", count=9)
    work()
    Claim.objects.update(unknown_since=clock.now() - UNKNOWN_OUTCOME.until)
    ask_again(work)
    submitted.refresh_from_db()
    assert submitted.state == ClaimState.UNCONFIRMED
    assert submitted.next_ask_at is None
    assert submitted.needs_person_since is not None
    assert submitted.person_reason


def test_a_reply_whose_sums_do_not_hold_goes_to_a_person_and_not_into_the_ledger(
    submitted: Claim, simulators: Simulators, work: Work
) -> None:
    goes_wrong(simulators, "2207A", "amounts_inconsistent")
    work()
    submitted.refresh_from_db()
    assert submitted.state == ClaimState.UNCONFIRMED
    assert submitted.needs_person_since is not None
    assert Settlement.objects.count() == 0
    ask_again(work)
    submitted.refresh_from_db()
    assert submitted.state == ClaimState.SETTLED, "its record, asked for, holds"
    assert submitted.needs_person_since is None


def test_a_refusal_after_silence_closes_the_number_so_that_a_late_arrival_settles_nothing(
    submitted: Claim, simulators: Simulators, work: Work
) -> None:
    goes_wrong(simulators, "2207A", "silent_then_commit", delay_seconds=LATE_BY)
    work()
    goes_wrong(simulators, "2207A", "business_error", text="演示：不予结算")
    ask_again(work)
    submitted.refresh_from_db()
    assert submitted.state == ClaimState.VOIDED
    assert "演示：不予结算" in submitted.refusal
    time.sleep(LATE_BY)  # until the first message has arrived there
    assert held(simulators) == []
    assert Settlement.objects.count() == 0


def test_a_refusal_counts_without_2601_when_nothing_can_arrive_any_more(
    submitted: Claim, simulators: Simulators, work: Work
) -> None:
    goes_wrong(simulators, "2207A", "http_502")
    work()
    yesterday = clock.now() - timedelta(days=1)
    Claim.objects.update(submitted_at=yesterday, last_asked_at=yesterday, unknown_since=yesterday)
    goes_wrong(simulators, "2207A", "business_error", text="演示：不予结算")
    ask_again(work)
    submitted.refresh_from_db()
    assert submitted.state == ClaimState.DECLINED
    assert not GatewayMessage.objects.filter(transaction_code="2601").exists()


def test_past_midnight_a_refusal_after_silence_waits_until_nothing_can_arrive(
    submitted: Claim, simulators: Simulators, work: Work
) -> None:
    goes_wrong(simulators, "2207A", "http_502")
    work()
    Claim.objects.update(submitted_at=clock.now() - timedelta(days=1))
    goes_wrong(simulators, "2207A", "business_error", count=2, text="演示：不予结算")
    ask_again(work)
    submitted.refresh_from_db()
    assert submitted.state == ClaimState.UNCONFIRMED, "the first message may still arrive"
    Claim.objects.update(last_asked_at=clock.now() - NOTHING_ARRIVES_LATE - timedelta(seconds=1))
    ask_again(work)
    submitted.refresh_from_db()
    assert submitted.state == ClaimState.DECLINED


def test_months_later_a_settlement_is_still_found_under_its_number(
    submitted: Claim, simulators: Simulators, work: Work
) -> None:
    goes_wrong(simulators, "2207A", "http_502_after_commit")
    work()
    long_ago = clock.now() - timedelta(days=100)
    Claim.objects.update(submitted_at=long_ago, last_asked_at=long_ago, unknown_since=long_ago)
    ask_again(work)
    assert Settlement.objects.get().msgid == submitted.settle_msgid == held(simulators)[0]["msgid"]


def test_a_refused_reversal_calls_a_person_and_is_asked_again_under_another_number(
    settled: Claim, simulators: Simulators, work: Work
) -> None:
    reverse_claim(claim_id=settled.pk, by=None, at=clock.now())
    goes_wrong(simulators, "2208", "business_error", text="演示：已清算")
    work()
    settled.refresh_from_db()
    assert settled.state == ClaimState.REVERSAL_UNCONFIRMED
    assert settled.person_reason == "演示：已清算"
    [first] = GatewayMessage.objects.filter(transaction_code="2208")
    assert settled.reverse_msgid != first.msgid
    ask_again(work)
    settled.refresh_from_db()
    assert settled.state == ClaimState.REVERSED
    assert settled.needs_person_since is None
    assert sum(Settlement.objects.values_list("fund_amount", flat=True)) == Decimal(0)
    assert len(held(simulators)) == 2


def test_a_job_that_comes_twice_asks_once(submitted: Claim, simulators: Simulators, work: Work) -> None:
    for _delivery in range(2):
        settle_claim(claim_id=submitted.pk, times=0)
    sent = GatewayMessage.objects.filter(claim=submitted, transaction_code="2207A")
    assert [message.attempts for message in sent] == [1]


def test_the_trail_of_a_claim_names_each_step(settled: Claim) -> None:
    trail = AuditEntry.objects.filter(subject_type="insurance.claim", subject_id=str(settled.pk))
    assert [entry.action for entry in trail] == [
        f"insurance.claim.{step}" for step in ("opened", "presettle", "submit", "settle")
    ]
