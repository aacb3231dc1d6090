"""The doctor's workbench: whom she sees, and what she finds about them."""

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from audit.models import AuditEntry
from consultations.states import RevisitState
from encounters.models import EncounterKind
from registry.models import Patient, Practitioner
from tests.factories import portal as factories
from tests.factories import prescriptions as prescribing
from tests.factories.encounters import DiagnosisCodeFactory, EncounterFactory, another_doctor, signed_record
from tests.factories.registry import CoverageFactory
from tests.integration.portal.conftest import SignIn


def page_of(number: str) -> str:
    """Address of a visit."""
    return reverse("portal:encounter", args=[number])


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "在线门诊"), ("en", "Online clinic")])
def test_the_clinic_is_in_both_languages(
    doctor: Practitioner, signed_in: SignIn, language: str, word: str
) -> None:
    factories.visit(doctor)

    assert word in signed_in(doctor.user, language).get("/clinic/").text


def test_the_queue_holds_those_who_have_paid_and_nobody_elses(doctor: Practitioner, desk: Client) -> None:
    mine = factories.visit(doctor).encounter.number
    unpaid = factories.visit(doctor, state=RevisitState.PREPARING).encounter.number
    others = factories.visit(another_doctor()).encounter.number

    page = desk.get("/clinic/").text

    assert mine in page
    assert unpaid not in page
    assert others not in page


def test_names_are_masked_in_the_queue(doctor: Practitioner, desk: Client) -> None:
    factories.visit(doctor)

    page = desk.get("/clinic/").text

    assert "张*英" in page
    assert "张秀英" not in page


def test_a_returned_prescription_stands_in_the_queue(db: None, signed_in: SignIn, now: datetime) -> None:
    at_visit = prescribing.visit(at=now)
    prescribing.returned(prescribing.signed(at_visit, at=now), at=now)

    page = signed_in(at_visit.doctor_user, "en").get("/clinic/").text

    assert "Returned by the pharmacist" in page
    assert f"{page_of(at_visit.encounter.number)}?tab=rx" in page


def test_the_search_finds_her_own_patients_by_name_and_number(doctor: Practitioner, desk: Client) -> None:
    found = factories.visit(doctor, factories.patient_user(name="赵志强")[1])
    others = factories.visit(another_doctor(), factories.patient_user(name="赵志强")[1])

    by_name = desk.get("/clinic/", {"q": "赵志"}).text
    by_number = desk.get("/clinic/", {"q": found.encounter.number.lower()}).text

    assert page_of(found.encounter.number) in by_name
    assert page_of(others.encounter.number) not in by_name
    assert page_of(found.encounter.number) in by_number


def test_a_visit_shows_complaint_proof_and_history(
    doctor: Practitioner, patient: Patient, desk: Client, now: datetime
) -> None:
    at_hospital = {"kind": EncounterKind.OUTPATIENT, "opened_at": now}
    earlier = EncounterFactory(practitioner=doctor, patient=patient, **at_hospital)
    signed_record(earlier, DiagnosisCodeFactory(diabetes=True), at=now)
    revisit = factories.visit(doctor, patient)

    page = desk.get(page_of(revisit.encounter.number)).text

    assert "高血压续方，没有头晕。" in page
    assert "演示市第一人民医院" in page
    assert "2型糖尿病" in page


@pytest.mark.parametrize("state", [RevisitState.WAITING, RevisitState.IN_PROGRESS, RevisitState.COMPLETED])
def test_another_doctor_cannot_tell_a_visit_from_none(
    doctor: Practitioner, signed_in: SignIn, state: RevisitState
) -> None:
    number = factories.visit(doctor, state=state).encounter.number
    other = signed_in(another_doctor().user)

    assert other.get(page_of(number)).status_code == 404
    assert other.post(reverse("portal:reveal", args=[number])).status_code == 404
    assert other.get(page_of("V00000000000000")).status_code == 404


def test_a_visit_that_is_not_paid_is_not_the_doctors_yet(doctor: Practitioner, desk: Client) -> None:
    number = factories.visit(doctor, state=RevisitState.PREPARING).encounter.number

    assert desk.get(page_of(number)).status_code == 404


def test_a_patient_has_no_business_in_the_clinic(doctor: Practitioner, user: User, signed_in: SignIn) -> None:
    number = factories.visit(doctor).encounter.number

    assert signed_in(user).get("/clinic/").status_code == 403
    assert signed_in(user).get(page_of(number)).status_code == 403


def test_nobody_signed_in_is_led_to_the_staff_sign_in(client: Client, db: None) -> None:
    assert client.get("/clinic/").headers["Location"] == "/accounts/staff/?next=%2Fclinic%2F"


def test_numbers_are_masked_until_they_are_asked_for(
    doctor: Practitioner, patient: Patient, desk: Client
) -> None:
    number = factories.visit(doctor, patient).encounter.number

    page = desk.get(page_of(number)).text

    assert patient.id_number not in page
    assert patient.masked_id_number in page


def test_showing_the_numbers_in_full_leaves_a_trace(
    doctor: Practitioner, patient: Patient, desk: Client
) -> None:
    number = factories.visit(doctor, patient).encounter.number

    part = desk.post(reverse("portal:reveal", args=[number]), headers={"HX-Request": "true"}).text

    assert patient.name in part
    assert patient.id_number in part
    entry = AuditEntry.objects.get(action="registry.patient.revealed")
    assert (entry.subject_type, entry.subject_id) == ("registry.patient", str(patient.pk))
    assert entry.by_id == doctor.user_id
    assert patient.id_number not in str(entry.facts)


def test_looking_at_a_visit_reveals_nothing_by_itself(doctor: Practitioner, desk: Client) -> None:
    desk.get(page_of(factories.visit(doctor).encounter.number))

    assert not AuditEntry.objects.filter(action="registry.patient.revealed").exists()


def test_without_script_the_numbers_stand_on_the_page(
    doctor: Practitioner, patient: Patient, desk: Client
) -> None:
    number = factories.visit(doctor, patient).encounter.number

    assert patient.id_number in desk.post(reverse("portal:reveal", args=[number])).text


@pytest.mark.parametrize("term", ["高血压", "gxy", "I10"])
def test_diagnoses_are_found_by_name_pinyin_and_code(db: None, desk: Client, term: str) -> None:
    code = DiagnosisCodeFactory()

    assert f'data-id="{code.pk}"' in desk.get(reverse("portal:diagnoses"), {"term": term}).text


def test_a_search_that_finds_nothing_says_so(desk: Client) -> None:
    assert "qqq" in desk.get(reverse("portal:diagnoses"), {"term": "qqq"}).text


def test_more_rows_do_not_mean_more_statements(doctor: Practitioner, desk: Client, patient: Patient) -> None:
    _day(doctor)
    CoverageFactory(patient=patient)
    number = factories.visit(doctor, patient, state=RevisitState.IN_PROGRESS).encounter.number
    desk.get("/clinic/")
    few = [_statements(desk, "/clinic/"), _statements(desk, page_of(number))]
    for _ in range(4):
        _day(doctor)

    assert [_statements(desk, "/clinic/"), _statements(desk, page_of(number))] == few


def _day(doctor: Practitioner) -> None:
    for state in (
        RevisitState.WAITING,
        RevisitState.IN_PROGRESS,
        RevisitState.COMPLETED,
        RevisitState.STOPPED,
    ):
        factories.visit(doctor, state=state)


def _statements(browser: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)
