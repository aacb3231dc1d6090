"""What everybody may read without signing in."""

import pytest
from django.test import Client
from django.urls import reverse

from registry.models.practitioners import QualificationKind
from tests.factories.encounters import another_doctor
from tests.factories.registry import InstitutionFactory, QualificationFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "word"), [("zh-hans", "预约在线复诊"), ("en", "Book an online re-diagnosis")]
)
def test_the_first_page_is_open_and_in_both_languages(client: Client, language: str, word: str) -> None:
    InstitutionFactory()
    client.cookies["django_language"] = language

    page = client.get("/")

    assert page.status_code == 200
    assert word in page.text


def test_the_first_page_names_the_licence(client: Client) -> None:
    InstitutionFactory(licence_number="PDY-7")

    assert "PDY-7" in client.get("/").text


def test_the_first_page_stands_before_any_hospital_was_entered(client: Client) -> None:
    assert client.get("/").status_code == 200


def test_a_fee_that_no_document_sets_is_not_shown_as_a_number(client: Client) -> None:
    InstitutionFactory()

    assert "¥" not in client.get("/").text


def test_the_page_of_the_hospital_names_the_papers_of_every_online_doctor(client: Client) -> None:
    doctor = another_doctor(name="林致远")
    QualificationFactory(practitioner=doctor, kind=QualificationKind.QUALIFICATION, number="ZG-1")
    QualificationFactory(practitioner=doctor, kind=QualificationKind.PRACTICE, number="ZY-2")

    page = client.get("/hospital/").text

    assert "林致远" in page
    assert "ZG-1" in page
    assert "ZY-2" in page


def test_a_doctor_who_left_is_not_shown(client: Client) -> None:
    another_doctor(name="周敏", is_active=False)

    assert "周敏" not in client.get("/hospital/").text


def test_the_page_of_the_hospital_names_both_ways_to_complain(client: Client) -> None:
    InstitutionFactory(phone="0571-1234567", licence_authority="演示市卫生健康委员会")

    page = client.get("/hospital/").text

    assert "0571-1234567" in page
    assert page.count("演示市卫生健康委员会") == 2  # who licensed it, and where a dispute goes (C-15)


def test_there_is_no_page_of_the_hospital_before_one_was_entered(client: Client) -> None:
    assert client.get("/hospital/").status_code == 404


def test_large_print_is_remembered_and_one_stays_on_the_page(client: Client) -> None:
    there = client.post(reverse("portal:elder"), {"mode": "elder", "next": "/prices/?q=1"})

    assert there.headers["Location"] == "/prices/?q=1"
    assert client.cookies["xl_mode"].value == "elder"
    assert 'data-mode="elder"' in client.get("/offline/").text


def test_large_print_can_be_taken_back(client: Client) -> None:
    client.post(reverse("portal:elder"), {"mode": "elder"})

    client.post(reverse("portal:elder"), {"mode": ""})

    assert 'data-mode="elder"' not in client.get("/offline/").text


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_the_switch_leads_nowhere_else(client: Client, elsewhere: str) -> None:
    assert (
        client.post(reverse("portal:elder"), {"mode": "elder", "next": elsewhere}).headers["Location"] == "/"
    )
