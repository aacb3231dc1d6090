"""The overview and the desk of the insurance office."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Role, User
from audit.models import AuditEntry
from insurance.models import Claim
from insurance.queries.dashboard import dashboard
from insurance.states import ClaimState
from kernel import clock
from tests.factories import claims
from tests.factories.accounts import StaffFactory


@pytest.fixture
def now(db: None) -> datetime:
    """This moment."""
    return clock.now()


@pytest.fixture
def officer(db: None) -> User:
    """Somebody of the insurance office."""
    user: User = StaffFactory(role=Role.INSURANCE_OFFICE)
    return user


def _english(user: User) -> Client:
    """A browser that reads English."""
    client = Client()
    client.force_login(user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def desk(officer: User) -> Client:
    """Her browser, in English."""
    return _english(officer)


def test_the_overview_adds_what_was_settled_and_takes_off_what_went_back(now: datetime) -> None:
    today = clock.day_of(now)
    for _number in range(2):
        claims.settlement(claims.claim(ClaimState.SETTLED, at=now), at=now)
    back = claims.claim(ClaimState.REVERSED, at=now - timedelta(seconds=4))
    claims.settlement(back, at=now, reverses=claims.settlement(back, at=now))
    claims.claim(ClaimState.DECLINED, at=now, refusal="未查到参保信息")

    found = dashboard(first_on=today - timedelta(days=6), last_on=today, at=now)

    last = found.days[-1]
    assert len(found.days) == 7
    assert (last.fund, last.account, last.cash) == (Decimal("14.00"), Decimal("4.00"), Decimal("2.00"))
    assert (last.sent, last.settled, last.refused, last.unknown) == (4, 3, 1, 0)
    assert found.reasons == (("未查到参保信息", 1),)


def test_an_outcome_not_known_is_counted_by_its_age_and_never_as_failed(now: datetime) -> None:
    today = clock.day_of(now)
    for age in (timedelta(seconds=30), timedelta(minutes=40), timedelta(minutes=50), timedelta(days=2)):
        claims.claim(ClaimState.UNCONFIRMED, at=now - age, unknown_since=now - age)

    found = dashboard(first_on=today - timedelta(days=6), last_on=today, at=now)

    (row,) = found.ages
    assert (row.state, row.counts) == (ClaimState.UNCONFIRMED, (1, 0, 2, 0, 1))
    assert (found.unknown, found.unknown_since) == (4, now - timedelta(days=2))
    assert sum(day.refused for day in found.days) == 0


def test_the_time_to_settle_is_from_sending_to_recording(now: datetime) -> None:
    today = clock.day_of(now)
    for seconds in (2, 4, 60):
        claims.settlement(claims.claim(ClaimState.SETTLED, at=now - timedelta(seconds=seconds)), at=now)

    found = dashboard(first_on=today - timedelta(days=6), last_on=today, at=now)

    assert found.median_seconds == 4.0


def _statements(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["office", "claims"])
def test_a_page_of_the_office_does_not_ask_more_for_more_claims(
    desk: Client, now: datetime, name: str
) -> None:
    address = reverse(f"insurance:{name}")
    claims.settlement(claims.claim(ClaimState.SETTLED, at=now), at=now)
    claims.claim(ClaimState.UNCONFIRMED, at=now, unknown_since=now)
    desk.get(address)
    with_few = _statements(desk, address)
    for _number in range(8):
        claims.settlement(claims.claim(ClaimState.SETTLED, at=now), at=now)
        claims.claim(ClaimState.UNCONFIRMED, at=now, unknown_since=now, needs_person_since=now)
    assert _statements(desk, address) == with_few


def test_the_course_of_a_claim_does_not_ask_more_for_more_messages(desk: Client, now: datetime) -> None:
    one = claims.claim(ClaimState.UNCONFIRMED, at=now, unknown_since=now)
    address = reverse("insurance:claim", args=[one.batch_number])
    claims.message(one, "2207A", at=now)
    desk.get(address)
    with_few = _statements(desk, address)
    for _number in range(9):
        claims.message(one, "5203", at=now)
    assert _statements(desk, address) == with_few


def test_a_claim_is_found_by_what_people_have_in_hand(desk: Client, now: datetime) -> None:
    one, other = (claims.claim(ClaimState.SETTLED, at=now) for _number in range(2))
    row = claims.settlement(one, at=now)
    patient = one.registration.encounter.patient
    for words in (
        one.batch_number,
        one.bill.number,
        row.number,
        one.registration.encounter.number,
        patient.id_number,
    ):
        page = desk.get(reverse("insurance:claims"), {"q": words}).content.decode()
        assert one.batch_number in page
        assert other.batch_number not in page


def test_a_claim_that_was_taken_back_is_found_once(desk: Client, now: datetime) -> None:
    one = claims.claim(ClaimState.REVERSED, at=now)
    claims.settlement(one, at=now, reverses=claims.settlement(one, at=now))
    page = desk.get(reverse("insurance:claims"), {"q": one.bill.number}).content.decode()
    assert page.count(f"/settlements/{one.batch_number}/") == 1


def test_who_waits_for_a_person_stands_first_in_line(desk: Client, now: datetime) -> None:
    young, old = (
        claims.claim(ClaimState.UNCONFIRMED, at=now, needs_person_since=now - timedelta(hours=hours))
        for hours in (1, 9)
    )
    claims.claim(ClaimState.SETTLED, at=now)
    page = desk.get(reverse("insurance:claims"), {"show": "person"}).content.decode()
    assert 0 < page.index(old.batch_number) < page.index(young.batch_number)
    assert page.count("claims__needs") == 2


def _order(desk: Client, one: Claim, order: str) -> str:
    with override("en"):
        return desk.post(
            reverse("insurance:order", args=[one.batch_number]), {"order": order}, follow=True
        ).content.decode()


def test_an_order_in_the_wrong_state_is_refused_with_its_rule(desk: Client, now: datetime) -> None:
    one = claims.claim(ClaimState.SETTLED, at=now)
    assert "IN-30" in _order(desk, one, "ask")
    assert "IN-31" in _order(desk, one, "void")
    assert "IN-33" in _order(desk, one, "take")
    one.refresh_from_db()
    assert one.state == ClaimState.SETTLED


def test_one_officer_takes_a_claim_over_and_a_colleague_cannot(
    desk: Client, officer: User, now: datetime
) -> None:
    one = claims.claim(ClaimState.UNCONFIRMED, at=now, needs_person_since=now, unknown_since=now)
    _order(desk, one, "take")
    one.refresh_from_db()
    assert one.taken_by == officer
    colleague = _english(StaffFactory(role=Role.INSURANCE_OFFICE))
    assert "IN-33" in _order(colleague, one, "take")


def test_a_conclusion_that_does_not_sum_is_refused_and_what_was_typed_stays(
    desk: Client, officer: User, now: datetime
) -> None:
    one = claims.claim(
        ClaimState.UNCONFIRMED, at=now, needs_person_since=now, unknown_since=now, taken_by=officer
    )
    typed = {
        "conclusion": "settled", "number": "33010020261122", "fund": "7.00", "account": "2.00", "cash": "1.01",
        "reason": "looked at the screen with a colleague",
    }  # fmt: skip
    answer = desk.post(reverse("insurance:conclude", args=[one.batch_number]), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "sum to the total" in page
    assert "33010020261122" in page
    assert "looked at the screen with a colleague" in page
    one.refresh_from_db()
    assert one.state == ClaimState.UNCONFIRMED


def test_a_conclusion_by_hand_settles_with_the_numbers_of_the_screen(
    desk: Client, officer: User, now: datetime
) -> None:
    one = claims.claim(
        ClaimState.UNCONFIRMED, at=now, needs_person_since=now, unknown_since=now, taken_by=officer,
        settle_msgid="H33010000001202611221200000001",
    )  # fmt: skip
    typed = {
        "conclusion": "settled", "number": "33010020261122", "fund": "7.00", "account": "2.00", "cash": "1.00",
        "reason": "looked at the screen with a colleague",
    }  # fmt: skip
    answer = desk.post(reverse("insurance:conclude", args=[one.batch_number]), typed)
    assert answer.status_code == 302
    one.refresh_from_db()
    (row,) = one.settlements.all()
    assert one.state == ClaimState.SETTLED
    assert (row.number, row.fund_amount, row.cash_amount) == (
        "33010020261122",
        Decimal("7.00"),
        Decimal("1.00"),
    )


def test_reading_a_message_is_recorded(desk: Client, officer: User, now: datetime) -> None:
    one = claims.claim(ClaimState.SETTLED, at=now)
    told = claims.message(one, "2207A", at=now)
    page = desk.get(reverse("insurance:message", args=[one.batch_number, told.msgid]))
    assert "infcode" in page.content.decode()
    (entry,) = AuditEntry.objects.filter(action="insurance.message.read")
    assert (entry.by, entry.subject_id) == (officer, str(told.pk))


def test_a_message_of_another_claim_is_not_shown(desk: Client, now: datetime) -> None:
    one, other = (claims.claim(ClaimState.SETTLED, at=now) for _number in range(2))
    told = claims.message(other, "2207A", at=now)
    assert desk.get(reverse("insurance:message", args=[one.batch_number, told.msgid])).status_code == 404


def test_the_days_come_as_a_table_that_a_spreadsheet_opens(desk: Client, now: datetime) -> None:
    claims.settlement(claims.claim(ClaimState.SETTLED, at=now), at=now)
    answer = desk.get(reverse("insurance:export"), {"days": "7"})
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 7
    assert lines[-1] == f"{clock.day_of(now).isoformat()},7.00,2.00,1.00,1,1,0,0,0,0"
