"""The patient's first page: her next visit, and what needs her."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role, User
from consultations.states import RevisitState
from registry.models import Patient, Practitioner
from registry.models.patients import Relation
from tests.factories import portal as factories
from tests.factories import prescriptions as prescribing
from tests.factories.accounts import StaffFactory, UserFactory, administrator
from tests.factories.encounters import another_doctor
from tests.factories.registry import CoverageFactory, GuardianshipFactory, PatientFactory
from tests.integration.portal.conftest import SignIn


def test_a_patient_in_the_queue_sees_her_place(
    doctor: Practitioner, patient: Patient, user: User, signed_in: SignIn
) -> None:
    factories.visit(doctor)
    factories.visit(doctor)
    factories.visit(doctor, patient)

    page = signed_in(user, "en").get("/").text

    assert "Enter the waiting room" in page
    assert "No. <b>3</b> in the queue" in " ".join(page.split())


def test_a_visit_under_way_comes_before_one_that_waits(
    doctor: Practitioner, patient: Patient, user: User, signed_in: SignIn
) -> None:
    waiting = factories.visit(doctor, patient)
    begun = factories.visit(another_doctor(), patient, state=RevisitState.IN_PROGRESS)

    page = signed_in(user, "en").get("/").text

    hero = page.split("</section>")[0]
    assert begun.encounter.number in hero
    assert waiting.encounter.number not in hero
    assert waiting.encounter.number in page


def test_a_held_place_shows_until_when_and_the_way_on(
    doctor: Practitioner, patient: Patient, user: User, signed_in: SignIn
) -> None:
    revisit = factories.visit(doctor, patient, state=RevisitState.PREPARING)

    page = signed_in(user, "en").get("/").text

    assert "Go on with the booking" in page
    assert reverse("consultations:visit", args=[revisit.encounter.number]) in page
    assert revisit.place.held_until is not None
    assert f'data-deadline="{revisit.place.held_until.isoformat()}"' in page


def test_without_a_visit_the_one_button_books(patient: Patient, user: User, signed_in: SignIn) -> None:
    page = signed_in(user, "en").get("/").text

    assert "Book an online re-diagnosis" in page


def test_a_visit_of_a_family_member_is_hers_to_follow(
    doctor: Practitioner, user: User, patient: Patient, signed_in: SignIn
) -> None:
    child = PatientFactory(name="李小明")
    GuardianshipFactory(user=user, patient=child, relation=Relation.CHILD)
    revisit = factories.visit(doctor, child)

    assert revisit.encounter.number in signed_in(user).get("/").text


def test_a_visit_of_somebody_else_is_not_shown(
    doctor: Practitioner, patient: Patient, user: User, signed_in: SignIn
) -> None:
    other = factories.visit(doctor)

    assert other.encounter.number not in signed_in(user).get("/").text


def test_who_is_not_confirmed_is_asked_for_her_name(db: None, signed_in: SignIn) -> None:
    page = signed_in(UserFactory(), "en").get("/").text

    assert reverse("registry:real_name") in page


def test_who_has_said_nothing_of_her_insurance_is_asked(
    patient: Patient, user: User, signed_in: SignIn
) -> None:
    assert reverse("registry:coverage", args=[patient.pk]) in signed_in(user).get("/").text

    CoverageFactory(patient=patient)

    assert reverse("registry:coverage", args=[patient.pk]) not in signed_in(user).get("/").text


def test_a_passed_prescription_asks_to_be_paid(db: None, signed_in: SignIn, now: datetime) -> None:
    at_visit = prescribing.visit(at=now)
    prescription = prescribing.passed(prescribing.signed(at_visit, at=now), at=now)
    assert prescription.bill is not None

    page = signed_in(at_visit.patient_user, "en").get("/").text

    assert reverse("checkout:pay", args=[prescription.bill.number]) in page
    assert "Pay for medicines, ¥8.40" in page


@pytest.mark.parametrize(("days_ago", "is_said"), [(170, True), (60, False)])
def test_a_proof_that_ends_within_two_weeks_is_said(
    doctor: Practitioner,
    patient: Patient,
    user: User,
    signed_in: SignIn,
    now: datetime,
    days_ago: int,
    is_said: bool,
) -> None:
    proven_on = (now - timedelta(days=days_ago)).date()
    factories.visit(doctor, patient, state=RevisitState.COMPLETED, proven_on=proven_on)

    page = signed_in(user, "en").get("/").text

    assert ("Afterwards a re-diagnosis needs a new proof" in page) is is_said


def test_a_stopped_visit_is_told(
    doctor: Practitioner, patient: Patient, user: User, signed_in: SignIn
) -> None:
    factories.visit(doctor, patient, state=RevisitState.STOPPED)

    assert "the fee comes back" in signed_in(user, "en").get("/").text


@pytest.mark.parametrize(("role", "place"), [(Role.DOCTOR, "/clinic/"), (Role.PHARMACIST, "/pharmacy/")])
def test_staff_are_led_to_their_workbench(db: None, signed_in: SignIn, role: Role, place: str) -> None:
    assert signed_in(StaffFactory(role=role)).get("/").headers["Location"] == place


def test_an_administrator_is_led_to_the_administration(db: None, signed_in: SignIn) -> None:
    assert signed_in(administrator()).get("/").headers["Location"] == "/admin/"


def test_an_office_without_a_desk_reads_the_open_page(db: None, signed_in: SignIn) -> None:
    assert signed_in(StaffFactory(role=Role.REGULATOR)).get("/").status_code == 200


@pytest.mark.parametrize("name", ["home_next", "home_todo"])
def test_the_living_parts_are_hers_only(
    db: None, user: User, signed_in: SignIn, client: Client, name: str
) -> None:
    address = reverse(f"portal:{name}")

    assert signed_in(user).get(address).status_code == 200
    assert client.get(address).status_code == 302
    assert signed_in(StaffFactory()).get(address).status_code == 403


def test_more_rows_do_not_mean_more_statements(
    doctor: Practitioner, patient: Patient, user: User, signed_in: SignIn, now: datetime
) -> None:
    browser = signed_in(user)
    factories.visit(doctor, patient)
    factories.visit(doctor, patient, state=RevisitState.STOPPED)
    browser.get("/")
    few = _statements(browser)
    for _ in range(4):
        factories.visit(another_doctor(), patient)
        factories.visit(doctor, patient, state=RevisitState.STOPPED)

    assert _statements(browser) == few


def _statements(browser: Client) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert browser.get("/").status_code == 200
    return len(asked)
