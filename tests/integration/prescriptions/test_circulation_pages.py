"""The insurance office on prescriptions in circulation and on what the insurer is told."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from audit.models import AuditEntry
from insurance.gateway.port import GatewayUnanswered
from insurance.states import MessageState
from kernel import clock, jobs
from prescriptions.models import Circulation, CirculationMessage, InsurerReport, Prescription
from prescriptions.operations import reporting
from prescriptions.states import CirculationState, ReportState
from tests.factories import prescriptions as prescribing
from tests.factories.accounts import StaffFactory
from tests.factories.circulation import NUMBER, circulating, registered
from tests.factories.prescriptions import AT
from tests.integration.prescriptions.conftest import SignIn

pytestmark = pytest.mark.django_db
LIST = "/office/circulation/"
_S = CirculationState


@pytest.fixture(autouse=True)
def nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs stay in the outbox."""
    monkeypatch.setattr(jobs, "_sent", lambda job: False)


@pytest.fixture
def clerk() -> User:
    """Of the insurance office."""
    made: User = StaffFactory(role=Role.INSURANCE_OFFICE)
    return made


def circulation(**fields: Any) -> Circulation:
    """One in force unless it says otherwise."""
    visit = prescribing.visit()
    registered(visit)
    prescription = prescribing.passed(prescribing.signed(visit))
    number = Circulation.objects.count()
    named = {"trace_code": f"T{number}", "centre_number": f"{NUMBER[:-2]}{number:02d}"} | fields
    return circulating(prescription, AT, **named)


def address(row: Circulation, tail: str = "") -> str:
    """Of its page."""
    return f"{LIST}{row.prescription.number}/{tail}"


def test_the_list_shows_state_and_what_waits_for_a_person(signed_in: SignIn, clerk: User) -> None:
    calm, stuck = circulation(), circulation(state=_S.WITHDRAWING, needs_person_since=AT)
    browser = signed_in(clerk)

    everything = browser.get(LIST).content.decode()
    waiting = browser.get(LIST, {"show": "person"}).content.decode()

    assert calm.prescription.number in everything
    assert stuck.prescription.number in waiting
    assert calm.prescription.number not in waiting


def test_one_is_found_by_its_number_at_the_centre(signed_in: SignIn, clerk: User) -> None:
    one, other = circulation(), circulation()

    page = signed_in(clerk).get(LIST, {"q": one.centre_number}).content.decode()

    assert one.prescription.number in page
    assert other.prescription.number not in page


@pytest.mark.parametrize("query", [{"show": "nonsense"}])
def test_a_choice_that_does_not_exist_is_not_found(
    signed_in: SignIn, clerk: User, query: dict[str, str]
) -> None:
    assert signed_in(clerk).get(LIST, query).status_code == 404


@pytest.mark.parametrize("path", [LIST, f"{LIST}reports/"])
def test_the_number_of_statements_does_not_grow_with_the_rows(
    signed_in: SignIn, clerk: User, path: str
) -> None:
    browser = signed_in(clerk)

    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(path).status_code == 200
        return len(seen)

    report_for(circulation().prescription)
    statements()  # the first page of a session also writes the session
    few = statements()
    for _ in range(3):
        report_for(circulation().prescription)
    assert statements() == few


def report_for(prescription: Prescription, **fields: Any) -> InsurerReport:
    """A sale to be told."""
    line = prescription.lines.get()
    named: dict[str, Any] = {"kind": "3505", "codes": ["1"], "due_at": AT}
    return InsurerReport.objects.create(encounter=prescription.encounter, line=line, **(named | fields))


def test_a_page_shows_the_course_and_reading_a_message_is_recorded(signed_in: SignIn, clerk: User) -> None:
    row = circulation()
    message = CirculationMessage.objects.create(
        circulation=row,
        verb="D001",
        state=MessageState.ANSWERED,
        request_text='{"hospRxno": "P1"}',
        written_at=AT,
    )
    browser = signed_in(clerk)

    assert "D001" in browser.get(address(row)).content.decode()
    assert "hospRxno" in browser.get(address(row, f"messages/{message.pk}/")).content.decode()
    assert AuditEntry.objects.filter(action="prescriptions.message.read", by=clerk).exists()


def test_who_only_reads_sees_no_order_and_no_message(signed_in: SignIn) -> None:
    row = circulation()
    message = CirculationMessage.objects.create(circulation=row, verb="D001", written_at=AT)
    reader = signed_in(StaffFactory(role=Role.FINANCE))

    assert 'name="order"' not in reader.get(address(row)).content.decode()
    assert reader.post(address(row, "order/"), {"order": "ask"}).status_code == 403
    assert reader.get(address(row, f"messages/{message.pk}/")).status_code == 403


def test_asking_now_makes_it_due_and_what_was_refused_begins_again(signed_in: SignIn, clerk: User) -> None:
    row = circulation(state=_S.REFUSED, next_ask_at=None, needs_person_since=AT, error_text="业务失败")

    signed_in(clerk).post(address(row, "order/"), {"order": "ask"})

    row.refresh_from_db()
    assert (row.state, row.next_ask_at, row.needs_person_since) == (_S.OPENED, AT, None)


def test_withdrawing_needs_a_reason_and_keeps_what_was_typed(signed_in: SignIn, clerk: User) -> None:
    row, browser = circulation(), signed_in(clerk)

    assert browser.post(address(row, "order/"), {"order": "withdraw", "reason": " "}).status_code == 409
    assert browser.post(address(row, "order/"), {"order": "withdraw", "reason": "开错"}).status_code == 302

    row.refresh_from_db()
    assert row.withdraw_reason == "开错"


def test_a_person_concludes_only_what_the_centre_left_open(signed_in: SignIn, clerk: User) -> None:
    browser = signed_in(clerk)
    calm, stuck = circulation(), circulation(state=_S.WITHDRAWAL_UNCONFIRMED, needs_person_since=AT)
    typed = {"order": "conclude", "reason": "中心电话确认已撤销"}

    assert browser.post(address(calm, "order/"), typed).status_code == 409
    assert browser.post(address(stuck, "order/"), typed).status_code == 302

    stuck.refresh_from_db()
    calm.refresh_from_db()
    assert (stuck.state, calm.state) == (_S.WITHDRAWN, _S.CIRCULATING)


def test_what_is_closed_is_not_asked_about(signed_in: SignIn, clerk: User) -> None:
    row = circulation(state=_S.TAKEN, ended_at=AT)

    assert signed_in(clerk).post(address(row, "order/"), {"order": "ask"}).status_code == 409


def test_what_the_insurer_refused_is_told_again_as_a_new_message(signed_in: SignIn, clerk: User) -> None:
    prescription = circulation().prescription
    refused = report_for(prescription, state=ReportState.REFUSED, msgid="M1", error_text="x")
    browser = signed_in(clerk)

    for _ in range(2):
        browser.post(f"{LIST}reports/{refused.pk}/again/")

    refused.refresh_from_db()
    assert (refused.state, refused.msgid) == (ReportState.WAITING, "")
    assert AuditEntry.objects.filter(action="prescriptions.report.told_again").count() == 1


def test_what_the_insurer_was_silent_about_for_days_waits_for_a_person(
    signed_in: SignIn, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(report: InsurerReport) -> None:
        raise GatewayUnanswered("ReadTimeout")

    monkeypatch.setattr(reporting, "_tell", silent)
    prescription, long_ago = circulation().prescription, clock.now() - timedelta(days=5)
    told = report_for(
        prescription, state=ReportState.UNANSWERED, msgid="M1", silent_since=long_ago, next_ask_at=long_ago
    )
    asked_of_late = report_for(
        circulation().prescription, state=ReportState.UNANSWERED, silent_since=clock.now(), msgid="M2"
    )
    for report in (told, asked_of_late):
        reporting.send(report_id=report.pk)
        report.refresh_from_db()
    assert (told.next_ask_at, told.needs_person_since is not None) == (None, True)
    assert (asked_of_late.next_ask_at is not None, asked_of_late.needs_person_since) == (True, None)

    browser = signed_in(clerk)
    waiting = browser.get(f"{LIST}reports/", {"show": "person"}).content.decode()
    assert f"reports/{told.pk}/conclude/" in waiting
    assert f"reports/{asked_of_late.pk}/" not in waiting
    # What is still asked about by itself is not for a person, and nothing is concluded without a reason.
    browser.post(f"{LIST}reports/{asked_of_late.pk}/conclude/", {"reason": "中心页面可查"})
    browser.post(f"{LIST}reports/{told.pk}/conclude/", {"reason": " "})
    assert set(InsurerReport.objects.values_list("state", flat=True)) == {ReportState.UNANSWERED}

    browser.post(f"{LIST}reports/{told.pk}/again/")
    told.refresh_from_db()
    # Of silence nobody knows what it was: the same number, asked about by the schedule once more.
    assert (told.msgid, told.state, told.needs_person_since) == ("M1", ReportState.UNANSWERED, None)
    assert told.next_ask_at is not None

    InsurerReport.objects.filter(pk=told.pk).update(needs_person_since=clock.now(), next_ask_at=None)
    browser.post(f"{LIST}reports/{told.pk}/conclude/", {"reason": "中心页面可查"})
    told.refresh_from_db()
    assert (told.state, told.needs_person_since) == (ReportState.REPORTED, None)
    assert AuditEntry.objects.get(action="prescriptions.report.concluded").facts == {"reason": "中心页面可查"}


def test_reports_whose_schedule_had_run_out_before_are_handed_to_a_person(
    signed_in: SignIn, clerk: User
) -> None:
    run_out = report_for(circulation().prescription, state=ReportState.UNANSWERED, msgid="M1")
    asked_about = report_for(
        circulation().prescription, state=ReportState.UNANSWERED, msgid="M2", next_ask_at=clock.now()
    )
    told = report_for(circulation().prescription, state=ReportState.REPORTED, msgid="M3", reported_at=AT)

    (hand_over,) = import_module(
        "prescriptions.migrations.0005_reports_never_asked_again_wait_for_a_person"
    ).Migration.operations
    with connection.cursor() as cursor:
        cursor.execute(hand_over.sql)

    waiting = InsurerReport.objects.filter(needs_person_since__isnull=False)
    assert [report.pk for report in waiting] == [run_out.pk], (asked_about.pk, told.pk)
    signed_in(clerk).post(f"{LIST}reports/{run_out.pk}/conclude/", {"reason": "中心页面可查"})
    run_out.refresh_from_db()
    assert run_out.state == ReportState.REPORTED
