"""An answer that cannot be written down is an unknown outcome for a person, not a job that fails for ever."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from insurance.events import ClaimSettled, ClaimUnconfirmed
from insurance.models import Claim, Settlement
from insurance.operations import presettling, settling
from insurance.operations.settling import reverse_settlement, settle_claim
from insurance.rules.schedule import UNKNOWN_OUTCOME
from insurance.states import ClaimState
from kernel import clock, events
from tests.factories import claims
from tests.integration.insurance.spoken import Said, SpokenRoute, negative, raising, record

pytestmark = pytest.mark.django_db
SENT, TAKEN_BACK = "H33010000001202611220000000001", "H33010000001202611220000000002"
Says = Callable[[SpokenRoute], None]


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Says:
    """Puts words into the insurer's mouth."""

    def put(route: SpokenRoute) -> None:
        monkeypatch.setattr(settling, "route_of", lambda _claim: route)

    return put


@pytest.fixture
def settling_claim() -> Claim:
    """On its way, for 10.00 yuan."""
    return claims.claim(ClaimState.SETTLING, at=clock.now(), settle_msgid=SENT)


def assert_a_person_is_called(claim: Claim, kind: str) -> None:
    claim.refresh_from_db()
    assert claim.needs_person_since is not None
    assert kind in claim.person_reason
    assert claim.unknown_since is not None
    assert Settlement.objects.filter(claim=claim).count() == 0


def test_a_number_that_another_settlement_has_calls_a_person(says: Says, settling_claim: Claim) -> None:
    other = claims.settlement(claims.claim(ClaimState.SETTLED, at=clock.now()), at=clock.now())
    says(SpokenRoute(on_settle=lambda: record(number=other.number)))
    settle_claim(claim_id=settling_claim.pk, times=0)
    assert_a_person_is_called(settling_claim, "IntegrityError")
    assert settling_claim.state == ClaimState.UNCONFIRMED


def test_a_code_longer_than_its_column_calls_a_person(says: Says, settling_claim: Claim) -> None:
    says(SpokenRoute(on_settle=lambda: replace(record(), clearing_office="330100-7")))
    settle_claim(claim_id=settling_claim.pk, times=0)
    assert_a_person_is_called(settling_claim, "DataError")


def test_what_follows_upstairs_and_fails_calls_a_person(
    says: Says, settling_claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_event: ClaimSettled) -> None:
        raise ValueError("the fund pays more than is in scope")

    monkeypatch.setitem(events._handlers, ClaimSettled, [fail])
    says(SpokenRoute(on_settle=record))
    settle_claim(claim_id=settling_claim.pk, times=0)
    assert_a_person_is_called(settling_claim, "ValueError")


def test_even_when_nobody_upstairs_can_be_told_a_person_is_called(
    says: Says, settling_claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_event: object) -> None:
        raise KeyError("upstairs")

    monkeypatch.setitem(events._handlers, ClaimSettled, [fail])
    monkeypatch.setitem(events._handlers, ClaimUnconfirmed, [fail])
    says(SpokenRoute(on_settle=record))
    settle_claim(claim_id=settling_claim.pk, times=0)
    assert_a_person_is_called(settling_claim, "KeyError")


@pytest.mark.parametrize("error", [SoftTimeLimitExceeded(), RecursionError(), KeyError("setlinfo")])
def test_a_conversation_that_breaks_off_calls_a_person(
    error: Exception, says: Says, settling_claim: Claim
) -> None:
    says(SpokenRoute(on_settle=raising(error)))
    settle_claim(claim_id=settling_claim.pk, times=0)
    assert_a_person_is_called(settling_claim, type(error).__name__)


def test_the_schedule_goes_on_and_ends(says: Says, settling_claim: Claim) -> None:
    broken: Said = raising(KeyError("setlinfo"))
    says(SpokenRoute(on_settle=broken, held_by={SENT: broken}))
    settle_claim(claim_id=settling_claim.pk, times=0)
    settling_claim.refresh_from_db()
    assert settling_claim.next_ask_at == settling_claim.unknown_since, "at once, not in 20 seconds for ever"
    Claim.objects.update(unknown_since=clock.now() - UNKNOWN_OUTCOME.until - timedelta(seconds=1))
    settle_claim(claim_id=settling_claim.pk)
    settling_claim.refresh_from_db()
    assert settling_claim.next_ask_at is None


def test_an_estimate_that_cannot_be_written_down_calls_a_person_and_follows_its_schedule(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    claim = claims.claim(ClaimState.DRAFT, at=clock.now(), next_ask_at=clock.now())
    monkeypatch.setattr(presettling, "route_of", lambda _claim: SpokenRoute())
    presettling.presettle_claim(claim_id=claim.pk, times=0)
    claim.refresh_from_db()
    assert (claim.state, claim.asked_times) == (ClaimState.DRAFT, 1)
    assert "NotImplementedError" in claim.person_reason
    assert claim.next_ask_at is not None
    Claim.objects.update(opened_at=clock.now() - timedelta(days=2))
    presettling.presettle_claim(claim_id=claim.pk, times=1)
    claim.refresh_from_db()
    assert claim.next_ask_at is None, "not in 20 seconds for ever"


def test_a_reversal_that_cannot_be_written_down_calls_a_person(says: Says) -> None:
    claim = claims.claim(ClaimState.REVERSING, at=clock.now(), settle_msgid=SENT, reverse_msgid=TAKEN_BACK)
    settled = claims.settlement(claim, at=clock.now())
    says(SpokenRoute(on_reverse=lambda: negative(record(), number=settled.number)))
    reverse_settlement(claim_id=claim.pk, times=0)
    claim.refresh_from_db()
    assert claim.state == ClaimState.REVERSAL_UNCONFIRMED
    assert "IntegrityError" in claim.person_reason
