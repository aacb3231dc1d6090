"""A claim whose outcome is known, and that waits for a person all the same: she has looked, and says what she saw."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from audit.models import AuditEntry
from insurance.models import Claim
from insurance.operations import claims as lives
from insurance.operations import mark_seen
from insurance.operations.mobile.disputes import call_person
from insurance.operations.sweeping import sweep
from insurance.queries.desk import claims_for_a_person
from insurance.states import ClaimEvent, ClaimState
from kernel import clock
from kernel.errors import RulesBroken
from tests.factories import claims
from tests.factories.accounts import StaffFactory

pytestmark = pytest.mark.django_db
SAW = "李会计与移动支付中心核对，金额一致"


@pytest.fixture
def now() -> datetime:
    """This moment."""
    return clock.now()


@pytest.fixture
def officer() -> User:
    """Somebody of the insurance office."""
    user: User = StaffFactory(role=Role.INSURANCE_OFFICE)
    return user


@pytest.fixture
def desk(officer: User) -> Client:
    """Her browser, in English."""
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(officer)
    return client


def disputed(state: ClaimState, officer: User | None, at: datetime) -> Claim:
    """The centre's notification names other amounts than were agreed; the officer looks after it."""
    claim = claims.claim(state, at=at, taken_by=officer)
    call_person(claim_id=claim.pk, reason="6302: 6.00 + 2.00 + 2.00", at=at)
    claim.refresh_from_db()
    return claim


def test_an_unpaid_estimate_is_not_swept_again(now: datetime) -> None:
    claim = claims.claim(ClaimState.DRAFT, at=now, next_ask_at=now)
    lives.move(claim, ClaimEvent.PRESETTLE, by=None, at=now)
    claim.refresh_from_db()
    assert (claim.state, claim.next_ask_at) == (ClaimState.PRESETTLED, None)
    assert sweep(at=now) == 0


@pytest.mark.parametrize("state", [ClaimState.SETTLED, ClaimState.DECLINED, ClaimState.PRESETTLED])
def test_what_a_person_has_seen_waits_for_nobody_any_more(
    state: ClaimState, officer: User, now: datetime
) -> None:
    claim = disputed(state, officer, now)
    mark_seen(claim_id=claim.pk, reason=SAW, by=officer, at=now)
    claim.refresh_from_db()
    assert (claim.state, claim.needs_person_since, claim.person_reason, claim.taken_by) == (
        state,
        None,
        "",
        None,
    )
    assert claims_for_a_person() == 0
    entry = AuditEntry.objects.get(action="insurance.claim.seen")
    assert (entry.by, entry.facts) == (officer, {"reason": SAW, "because": "6302: 6.00 + 2.00 + 2.00"})


def refused(claim: Claim, by: User, reason: str = SAW) -> list[str]:
    """Numbers of the rules that it broke."""
    with pytest.raises(RulesBroken) as refusal:
        mark_seen(claim_id=claim.pk, reason=reason, by=by, at=clock.now())
    return [violation.rule for violation in refusal.value.violations]


def test_in_33_nothing_is_seen_of_a_claim_that_waits_for_nobody(officer: User, now: datetime) -> None:
    assert refused(claims.claim(ClaimState.SETTLED, at=now), officer) == ["IN-33"]


def test_in_34_who_does_not_look_after_it_has_not_seen_it(officer: User, now: datetime) -> None:
    assert refused(disputed(ClaimState.SETTLED, None, now), officer) == ["IN-34"]
    assert refused(disputed(ClaimState.SETTLED, StaffFactory(), now), officer) == ["IN-34"]


@pytest.mark.parametrize(
    "state",
    [
        ClaimState.SETTLING, ClaimState.UNCONFIRMED, ClaimState.VOIDING, ClaimState.REVERSING,
        ClaimState.REVERSAL_UNCONFIRMED,
    ],
)  # fmt: skip
def test_in_35_an_unknown_outcome_is_concluded_and_not_only_seen(
    state: ClaimState, officer: User, now: datetime
) -> None:
    assert refused(disputed(state, officer, now), officer) == ["IN-35"]


def test_in_36_who_has_seen_it_says_what(officer: User, now: datetime) -> None:
    assert refused(disputed(ClaimState.SETTLED, officer, now), officer, "  ok ") == ["IN-36"]


def test_the_page_offers_it_and_keeps_what_was_typed(desk: Client, officer: User, now: datetime) -> None:
    claim = disputed(ClaimState.SETTLED, officer, now)
    address = reverse("insurance:seen", args=[claim.batch_number])
    assert address in desk.get(reverse("insurance:claim", args=[claim.batch_number])).content.decode()
    answer = desk.post(address, {"reason": "ok"})
    assert answer.status_code == 422
    assert ">ok</textarea>" in answer.content.decode().replace("\r\n", "").replace("\n", "")
    assert desk.post(address, {"reason": SAW}).status_code == 302
    page = desk.get(reverse("insurance:claim", args=[claim.batch_number])).content.decode()
    assert address not in page
    assert SAW in page


def test_the_page_does_not_offer_it_while_the_outcome_is_unknown(
    desk: Client, officer: User, now: datetime
) -> None:
    claim = disputed(ClaimState.UNCONFIRMED, officer, now)
    address = reverse("insurance:seen", args=[claim.batch_number])
    assert address not in desk.get(reverse("insurance:claim", args=[claim.batch_number])).content.decode()
