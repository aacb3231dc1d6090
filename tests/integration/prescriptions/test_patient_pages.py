"""What the patient reads of her prescriptions."""

from decimal import Decimal

import pytest
from django.urls import reverse

from checkout.models import Checkout
from checkout.states import CheckoutState
from prescriptions import operations
from prescriptions.models import DispenseCheck, Prescription
from prescriptions.operations import DraftLine
from tests.factories import prescriptions as rx
from tests.factories.prescriptions import AT
from tests.factories.registry import GuardianshipFactory
from tests.integration.prescriptions.conftest import SignIn

pytestmark = pytest.mark.django_db

LIST = "/prescriptions/"


def page_of(prescription: Prescription) -> str:
    """Her page of it."""
    return f"/prescriptions/{prescription.number}/"


def test_an_empty_list_says_what_would_be_there(signed_in: SignIn) -> None:
    reply = signed_in(GuardianshipFactory().user).get(LIST)
    assert reply.status_code == 200
    assert "empty__title" in reply.content.decode()


def test_she_reads_how_to_take_it_in_plain_words(signed_in: SignIn) -> None:
    visit = rx.visit()
    signed = rx.signed(visit, DraftLine(rx.DrugFactory().pk, Decimal("2.5"), "qd", 7, timing="morning"))
    browser = signed_in(visit.patient_user)
    assert "每日 1 次，每次半片（2.5 mg），早上" in browser.get(page_of(signed)).content.decode()
    browser.cookies["django_language"] = "en"
    text = browser.get(page_of(signed)).content.decode()
    assert "once a day, each time half a tablet (2.5 mg), in the morning" in text


def test_each_state_has_a_sentence_and_only_the_payable_one_a_button(signed_in: SignIn) -> None:
    visit = rx.visit()
    browser = signed_in(visit.patient_user)
    signed = rx.signed(visit)
    assert "药师正在审核" in browser.get(page_of(signed)).content.decode()

    passed = rx.passed(signed)
    pay = reverse("checkout:pay", args=[passed.bill.number])
    text = browser.get(page_of(signed)).content.decode()
    assert pay in text
    assert "24:00" in text  # valid until midnight of the third day
    assert pay in browser.get(LIST).content.decode()

    Checkout.objects.update(state=CheckoutState.SETTLING, paid_at=AT)
    assert "请不要再付一次" in browser.get(page_of(signed)).content.decode()
    Checkout.objects.update(state=CheckoutState.READY, paid_at=None)

    rx.paid(passed)
    text = browser.get(page_of(signed)).content.decode()
    assert "药房正在备药" in text
    assert pay not in text
    operations.dispense(
        prescription_id=passed.pk,
        checks=DispenseCheck.values,
        by=rx.pharmacist(insurance_code="H330100000055").user,
        at=AT,
    )
    assert "已发药" in browser.get(page_of(signed)).content.decode()


def test_a_return_does_not_frighten_her(signed_in: SignIn) -> None:
    visit = rx.visit()
    returned = rx.returned(rx.signed(visit))
    text = signed_in(visit.patient_user).get(page_of(returned)).content.decode()
    assert "您不需要做什么" in text


def test_the_answered_return_is_one_prescription_in_the_list(signed_in: SignIn) -> None:
    visit = rx.visit()
    rx.returned(rx.signed(visit))
    rx.signed(visit)
    text = signed_in(visit.patient_user).get(LIST).content.decode()
    assert text.count('class="entry"') == 1


def test_a_draft_is_not_shown(signed_in: SignIn) -> None:
    visit = rx.visit()
    draft = rx.draft(visit)
    browser = signed_in(visit.patient_user)
    assert draft.number not in browser.get(LIST).content.decode()
    assert browser.get(page_of(draft)).status_code == 404


@pytest.mark.parametrize("tail", ["", "now/", "note/"])
def test_another_patient_finds_nothing(signed_in: SignIn, tail: str) -> None:
    signed = rx.signed(rx.visit())
    stranger = GuardianshipFactory().user
    assert signed_in(stranger).get(page_of(signed) + tail).status_code == 404


def test_the_warning_for_prescription_medicines_is_prominent(signed_in: SignIn) -> None:
    visit = rx.visit()
    text = signed_in(visit.patient_user).get(page_of(rx.signed(visit))).content.decode()
    assert "处方药须凭处方" in text


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_note_has_its_three_parts_and_says_it_is_a_demonstration(
    signed_in: SignIn, language: str
) -> None:
    visit = rx.visit()
    passed = rx.passed(rx.signed(visit))
    browser = signed_in(visit.patient_user)
    browser.cookies["django_language"] = language
    text = browser.get(page_of(passed) + "note/").content.decode()
    for words in ("Rp", passed.number, "¥8.40", "周敏"):
        assert words in text
    assert ("演示" if language == "zh-hans" else "demonstration") in text
    assert "张秀英" in text  # on paper the name is whole


def test_the_doctor_and_the_pharmacist_read_the_note_too(signed_in: SignIn) -> None:
    visit = rx.visit()
    signed = rx.signed(visit)
    for user in (visit.doctor_user, rx.pharmacist().user):
        assert signed_in(user).get(page_of(signed) + "note/").status_code == 200


def test_the_live_part_is_the_same_without_the_frame(signed_in: SignIn) -> None:
    visit = rx.visit()
    signed = rx.signed(visit)
    text = signed_in(visit.patient_user).get(page_of(signed) + "now/").content.decode()
    assert "<html" not in text
    assert signed.number in text
