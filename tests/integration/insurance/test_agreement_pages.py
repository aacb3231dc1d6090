"""The insurance office records agreements in a browser without script."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from insurance.models import Agreement, AgreementKind, InsuredService
from insurance.operations.agreements import suspend_agreement
from insurance.states import AgreementState
from kernel import clock
from tests.factories.accounts import StaffFactory
from tests.factories.encounters import AT, pdf, upload
from tests.factories.insurance import AgreementFactory

pytestmark = pytest.mark.django_db
LIST = "/office/insurance/agreements/"
DAY = clock.day_of(AT)


@pytest.fixture(autouse=True)
def at_that_moment(settings: Any, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(AT, tick=False):
        yield


def browser(role: Role = Role.INSURANCE_OFFICE) -> Client:
    client = Client()
    client.force_login(StaffFactory(roles=[role.value]), backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def desk() -> Client:
    return browser()


@pytest.fixture
def agreement() -> Agreement:
    """A supplement in force with eighty days to go."""
    return AgreementFactory(
        supplement=True, institution__agreements=False, valid_until=DAY + timedelta(days=80), number="补-1"
    )


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def typed(agreement: Agreement, **changed: object) -> dict[str, object]:
    """An application for the next supplement."""
    return {
        "kind": "internet_plus", "institution": agreement.institution_id, "main": agreement.main_id,
        "number": "补-2", "pooling_area": "330100", "agency": "演示市医保中心",
        "services": [InsuredService.ONLINE_REVISIT.value], "valid_from": "2027-02-08", "valid_until": "2028-02-08",
    } | changed  # fmt: skip


def test_an_agreement_from_the_application_to_its_suspension(desk: Client, agreement: Agreement) -> None:
    made = desk.post(f"{LIST}new/", typed(agreement), follow=True)
    page = made.redirect_chain[-1][0]
    assert "Recorded. It counts once the agency has signed." in words(made)
    refused = desk.post(f"{page}decide/", {"do": "sign", "signed_on": "2026-11-19"})
    assert refused.status_code == 409
    assert "The signed agreement is not on file." in words(refused)
    assert 'value="2026-11-19"' in refused.content.decode(), "what was typed is kept"

    desk.post(f"{page}papers/", {"title": "Signed agreement", "file": upload(pdf(), "a.pdf")})
    signed = desk.post(f"{page}decide/", {"do": "sign", "signed_on": "2026-11-19"}, follow=True)
    assert "Begins 2027-02-08" in words(signed)
    stopped = {"do": "suspend", "from_on": "2027-03-01", "reason": "Prescriptions not uploaded"}
    assert "Prescriptions not uploaded" in words(desk.post(f"{page}decide/", stopped, follow=True))
    assert Agreement.objects.get(number="补-2").state == AgreementState.SUSPENDED
    paper = Agreement.objects.get(number="补-2").documents.get()
    shown = desk.get(f"{page}papers/{paper.pk}/")
    assert (shown.status_code, shown["Content-Type"]) == (200, "application/pdf")
    assert "default-src 'none'" in shown["Content-Security-Policy"]


def test_everything_wrong_with_an_application_stands_beside_its_field(
    desk: Client, agreement: Agreement
) -> None:
    answer = desk.post(f"{LIST}new/", typed(agreement, number="补-1", services=[], main=""))
    assert answer.status_code == 422
    for sentence in (
        "An agreement with this number is recorded already.", "Choose at least one service.",
        "A supplementary agreement names the agreement it supplements.",
    ):  # fmt: skip
        assert sentence in words(answer)
    answer = desk.post(f"{LIST}new/", typed(agreement, pooling_area="33", valid_from="soon"))
    assert "Six digits." in words(answer)
    assert "Give a day as year-month-day" in words(answer)


def test_a_paper_that_is_no_paper_is_refused_beside_its_field(desk: Client, agreement: Agreement) -> None:
    answer = desk.post(
        f"{LIST}{agreement.pk}/papers/", {"title": "x", "file": upload(b"MZ not a paper", "a.pdf")}
    )
    assert answer.status_code == 409
    assert "This is no PDF, JPEG or PNG." in words(answer)


def test_a_step_that_is_not_possible_any_more_is_said(desk: Client, agreement: Agreement) -> None:
    answer = desk.post(
        f"{LIST}{agreement.pk}/decide/", {"do": "sign", "signed_on": "2026-11-19"}, follow=True
    )
    assert "This step is not possible any more." in words(answer)


def test_the_list_says_where_each_stands_today_and_how_long_it_lasts(
    desk: Client, agreement: Agreement
) -> None:
    assert "80 more days" in words(desk.get(LIST))
    suspend_agreement(
        agreement_id=agreement.main_id,
        from_on=DAY,
        until_on=None,
        reason="x",
        document_number="",
        by=None,
        at=AT,
    )
    page = words(desk.get(LIST))
    assert "Main agreement not in force" in page
    assert "80 more days" not in page
    only = words(desk.get(LIST, {"state": "suspended"}))
    assert agreement.main.number in only
    assert "补-1" not in only
    assert "No agreement here" in words(desk.get(LIST, {"q": "nothing like it"}))


def test_the_list_asks_the_database_no_more_for_more_agreements(desk: Client, agreement: Agreement) -> None:
    desk.get(LIST)
    with CaptureQueriesContext(connection) as few:
        desk.get(LIST)
    for _more in range(6):
        AgreementFactory(supplement=True, institution=agreement.institution)
    with CaptureQueriesContext(connection) as many:
        desk.get(LIST)
    assert len(many) == len(few)


def test_the_finance_office_looks_and_changes_nothing(agreement: Agreement) -> None:
    reader = browser(Role.FINANCE)
    page = words(reader.get(f"{LIST}{agreement.pk}/"))
    assert "补-1" in page
    assert "Record the suspension" not in page
    assert reader.post(f"{LIST}{agreement.pk}/decide/", {"do": "end"}).status_code == 403


def test_what_decides_in_an_area_is_marked(desk: Client) -> None:
    AgreementFactory()  # its hospital brings the shipped rules
    qinghai = words(desk.get(f"{LIST}payable/", {"area": "630100", "on": "2026-11-20"}))
    assert "青海省定点医疗机构服务协议（2025版）第二十七条" in qinghai
    # Of eight shipped rules five services are decided: three by Qinghai, two by the whole country.
    assert qinghai.count("decides here") == 5
    wrong = words(desk.get(f"{LIST}payable/", {"area": "63x", "on": "2026-11-20"}))
    assert "Six digits." in wrong
    assert "decides here" not in wrong


def test_a_hospital_without_an_agreement_is_led_to_record_one(desk: Client) -> None:
    assert not Agreement.objects.filter(kind=AgreementKind.DESIGNATED).exists()
    assert "Without an agreement in force nothing is settled" in words(desk.get(LIST))
