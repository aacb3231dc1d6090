"""Booking as the patient meets it: every step kept, refusals beside the field, in both languages."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from consultations.models import Revisit, Slot
from consultations.operations import hold_place
from kernel import clock
from kernel.presentation import clock_time
from registry.models import Guardianship, Practitioner
from registry.models.patients import Relation
from tests.factories import consultations as factories
from tests.factories.consultations import Booking, booking
from tests.factories.encounters import (
    ConsentDocumentFactory,
    DiagnosisCodeFactory,
    EncounterFactory,
    picture,
    signed_record,
    upload,
)
from tests.factories.registry import GuardianshipFactory, PatientFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["zh-hans", "en"])
def page(request: pytest.FixtureRequest, client: Client, guardianship: Guardianship) -> Client:
    """Her browser, once in each language."""
    client.force_login(guardianship.user)
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = request.param
    factories.price_the_visit()
    return client


@pytest.fixture
def her(client: Client, guardianship: Guardianship) -> Client:
    """Her browser, in English."""
    client.force_login(guardianship.user)
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"
    factories.price_the_visit()
    return client


def step(number: str, name: str) -> str:
    return f"/visits/{number}/{name}/"


def said(reply: Any) -> str:
    """The page's text, without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reply.content.decode()))


def test_anyone_sees_departments_doctors_price_and_the_next_free_time(client: Client, slot: Slot) -> None:
    factories.price_the_visit()
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"
    text = said(client.get("/departments/"))
    assert "Cardiology" in text
    assert "Lin Zhiyuan" in text
    assert "¥10.00" in text
    assert "Next free:" in text


def test_whoever_is_not_signed_in_signs_in_before_booking(client: Client, doctor: Practitioner) -> None:
    assert "/accounts/sign-in/" in client.get(f"/book/{doctor.pk}/")["Location"]


def test_every_page_of_booking_opens_in_both_languages(
    page: Client, slot: Slot, doctor: Practitioner, guardianship: Guardianship
) -> None:
    ConsentDocumentFactory()
    assert page.get("/departments/").status_code == 200
    assert page.get(f"/book/{doctor.pk}/").status_code == 200
    visit = booking(slot, at=clock.now(), right=guardianship)
    for name in ("complaint", "proof", "consent"):
        if name == "proof":
            visit.describe()
        reply = page.get(step(visit.number, name))
        assert reply.status_code == 200
        assert 'role="timer"' in reply.content.decode(), "the time the place is held for is shown"
    assert page.get("/visits/").status_code == 200


def test_choosing_a_time_holds_the_place_and_goes_on(
    her: Client, slot: Slot, doctor: Practitioner, guardianship: Guardianship
) -> None:
    reply = her.post(f"/book/{doctor.pk}/", {"slot": slot.pk, "patient": guardianship.patient.pk})
    visit = Revisit.objects.get()
    assert reply["Location"] == step(visit.encounter.number, "complaint")


def test_a_time_taken_meanwhile_is_said_with_the_next_free_ones_and_the_day_kept(
    her: Client, slot: Slot, doctor: Practitioner, guardianship: Guardianship
) -> None:
    later = factories.slot(doctor, starts_at=slot.ends_at)
    booking(slot, at=clock.now())
    day = clock.day_of(slot.starts_at).isoformat()
    reply = her.post(f"/book/{doctor.pk}/", {"slot": slot.pk, "patient": guardianship.patient.pk, "day": day})
    assert reply.status_code == 200
    assert "This time has just been taken." in said(reply)
    assert "Next free:" in said(reply)
    assert clock_time(later.starts_at) in said(reply).partition("Next free:")[2][:40]
    assert f'name="day" value="{day}"' in reply.content.decode()
    assert Revisit.objects.count() == 1


def test_no_time_chosen_is_said_beside_the_times(her: Client, slot: Slot, doctor: Practitioner) -> None:
    reply = her.post(f"/book/{doctor.pk}/", {"slot": "", "patient": "1"})
    assert 'href="#when"' in reply.content.decode()
    assert "Please choose a time." in said(reply)


def test_she_books_for_her_family_and_nobody_elses(
    her: Client, slot: Slot, doctor: Practitioner, guardianship: Guardianship
) -> None:
    father = PatientFactory(name="张建国")
    GuardianshipFactory(user=guardianship.user, patient=father, relation=Relation.PARENT)
    assert "my father or mother" in said(her.get(f"/book/{doctor.pk}/"))
    child = PatientFactory(name="李小小", born_on=clock.day_of(clock.now()) - timedelta(days=1000))
    GuardianshipFactory(user=guardianship.user, patient=child, relation=Relation.CHILD)
    refused = her.post(f"/book/{doctor.pk}/", {"slot": slot.pk, "patient": child.pk})
    assert "Children under 6 are seen online by paediatricians only." in said(refused)
    assert 'href="#patient"' in refused.content.decode()
    stranger = PatientFactory(name="李四")
    her.post(f"/book/{doctor.pk}/", {"slot": slot.pk, "patient": stranger.pk})
    assert not Revisit.objects.exists()
    her.post(f"/book/{doctor.pk}/", {"slot": slot.pk, "patient": father.pk})
    assert Revisit.objects.get().encounter.patient_id == father.pk


def test_the_strip_of_days_goes_on_for_two_weeks(her: Client, doctor: Practitioner) -> None:
    today = clock.day_of(clock.now())
    for ahead in (0, 7, 14):
        day = (today + timedelta(days=ahead)).isoformat()
        assert f"day={day}" in her.get(f"/book/{doctor.pk}/?day={day}").content.decode()
    beyond = her.get(f"/book/{doctor.pk}/?day={today + timedelta(days=15)}").content.decode()
    assert f'name="day" value="{today.isoformat()}"' in beyond
    assert her.get(f"/book/{doctor.pk}/?day=never").status_code == 200


def test_leaving_and_coming_back_goes_on_where_she_was(
    her: Client, slot: Slot, guardianship: Guardianship
) -> None:
    ConsentDocumentFactory()
    visit = booking(slot, at=clock.now(), right=guardianship)
    address = f"/visits/{visit.number}/"
    assert her.get(address)["Location"] == step(visit.number, "complaint")
    visit.describe()
    assert her.get(address)["Location"] == step(visit.number, "proof")
    assert "血压平稳，药快吃完了" in said(her.get(step(visit.number, "complaint")))
    visit.prove()
    assert her.get(address)["Location"] == step(visit.number, "consent")
    visit.consent()
    assert "You have signed this consent" in said(her.get(step(visit.number, "consent")))
    bill_page = her.post(step(visit.number, "consent"))["Location"]
    assert bill_page == f"/pay/{visit.now().bill.number}/"
    assert her.get(address)["Location"] == bill_page
    assert her.get(step(visit.number, "complaint"))["Location"] == bill_page


def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    her: Client, slot: Slot, guardianship: Guardianship
) -> None:
    visit = booking(slot, at=clock.now(), right=guardianship)
    disease = DiagnosisCodeFactory()
    reply = her.post(
        step(visit.number, "complaint"),
        {"complaint": "血压平稳，想续方", "disease_id": disease.pk, "allergies": ""},
    )
    assert reply.status_code == 200
    assert "Say what you are allergic to" in said(reply)
    assert "血压平稳，想续方" in said(reply)
    assert re.search(rf'value="{disease.pk}" checked', reply.content.decode())


def test_v_12_a_proof_that_is_too_old_is_refused_with_the_way_to_the_hospital(
    her: Client, slot: Slot, guardianship: Guardianship
) -> None:
    visit = booking(slot, at=clock.now(), right=guardianship).describe()
    old = clock.day_of(clock.now()) - timedelta(days=181)
    reply = her.post(
        step(visit.number, "proof"),
        {
            "kind": "outpatient_record", "diagnosed_on": old.isoformat(), "hospital_name": "演示市第二人民医院",
            "files": upload(picture()),
        },
    )  # fmt: skip
    text = said(reply)
    assert "The diagnosis is 181 days old; online we accept at most 180 days." in text
    assert "400-000-0000" in text
    assert "演示市第二人民医院" in reply.content.decode()
    assert visit.revisit.encounter.proof_files.count() == 1, "what was uploaded is not lost"


def test_v_02_without_any_proof_she_is_stopped(her: Client, slot: Slot, guardianship: Guardianship) -> None:
    visit = booking(slot, at=clock.now(), right=guardianship).describe()
    reply = her.post(step(visit.number, "proof"), {})
    assert reply.status_code == 200
    ConsentDocumentFactory()
    visit.consent()
    back = her.post(step(visit.number, "consent"))
    assert back["Location"] == step(visit.number, "proof")
    assert visit.now().bill is None


def test_a_programme_named_pdf_is_refused_beside_the_files(
    her: Client, slot: Slot, guardianship: Guardianship
) -> None:
    visit = booking(slot, at=clock.now(), right=guardianship).describe()
    reply = her.post(
        step(visit.number, "proof"),
        {"kind": "outpatient_record", "files": upload(b"MZ\x90" + b"\0" * 99, "病历.pdf", "application/pdf")},
    )
    assert 'id="id_files-error"' in reply.content.decode()
    assert "This is no PDF, JPEG or PNG." in said(reply)


def test_a_paper_is_taken_back_on_the_page(her: Client, slot: Slot, guardianship: Guardianship) -> None:
    visit = booking(slot, at=clock.now(), right=guardianship).describe().prove()
    file = visit.revisit.encounter.proof_files.get()
    reply = her.post(step(visit.number, "proof"), {"remove": file.pk})
    assert reply["Location"] == step(visit.number, "proof")
    assert not visit.revisit.encounter.proof_files.exists()


def test_a_hold_that_has_lapsed_is_said_and_leads_to_another_time(
    her: Client, slot: Slot, guardianship: Guardianship
) -> None:
    revisit = hold_place(
        slot_id=slot.pk,
        patient_id=guardianship.patient.pk,
        by=guardianship.user,
        at=clock.now() - timedelta(minutes=16),
    )
    number = revisit.encounter.number
    assert her.get(step(number, "complaint"))["Location"] == f"/visits/{number}/"
    text = said(her.get(f"/visits/{number}/"))
    assert "The place was given back because it was not paid in time." in text
    assert "Book another time" in text


@pytest.mark.parametrize("name", ["complaint", "proof", "consent"])
def test_the_steps_of_somebody_else_do_not_exist(
    client: Client, slot: Slot, guardianship: Guardianship, name: str
) -> None:
    visit: Booking = booking(slot, at=clock.now(), right=guardianship)
    client.force_login(GuardianshipFactory().user)
    assert client.get(step(visit.number, name)).status_code == 404


def test_the_newest_record_of_the_same_disease_is_chosen_already(
    her: Client, slot: Slot, doctor: Practitioner, guardianship: Guardianship
) -> None:
    now = clock.now()
    records = [
        signed_record(
            EncounterFactory(
                practitioner=doctor,
                patient=guardianship.patient,
                kind="outpatient",
                opened_at=now - timedelta(days=ago),
            ),
            code,
            at=now - timedelta(days=ago),
        )
        for ago, code in (
            (90, DiagnosisCodeFactory()),
            (60, DiagnosisCodeFactory()),
            (30, DiagnosisCodeFactory(diabetes=True)),
        )
    ]
    visit = booking(slot, at=now, right=guardianship).describe()
    page = her.get(step(visit.number, "proof")).content.decode()
    (chosen,) = re.findall(r'<input type="radio" name="own_record_id" value="(\d*)"[^>]*checked', page)
    assert int(chosen) == records[1].pk
    reply = her.post(step(visit.number, "proof"), {"own_record_id": chosen})
    assert reply["Location"] == step(visit.number, "consent")
