"""The pharmacist's desk in a browser without script."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from prescriptions.models import DispenseCheck, Prescription
from prescriptions.operations import DraftLine
from prescriptions.states import PrescriptionState
from tests.factories import prescriptions as rx
from tests.factories.accounts import UserFactory
from tests.factories.prescriptions import AT
from tests.integration.prescriptions.conftest import SignIn

pytestmark = pytest.mark.django_db

QUEUE = "/pharmacy/"


def page_of(prescription: Prescription) -> str:
    """Address of the review."""
    return reverse("prescriptions:review", args=[prescription.number])


def test_the_queue_shows_the_longest_waiting_first_and_masks_the_names(signed_in: SignIn) -> None:
    later, earlier = rx.visit(), rx.visit()
    second = rx.signed(later, at=AT)
    first = rx.signed(earlier, at=AT.replace(hour=5))
    text = signed_in(rx.pharmacist().user).get(QUEUE).content.decode()
    assert text.index(page_of(first)) < text.index(page_of(second))
    assert "张*英" in text
    assert "张秀英" not in text
    assert "60 分钟" in text  # since 13:30, at 14:30


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "审方"), ("en", "Prescription review")])
def test_the_desk_speaks_both_languages(signed_in: SignIn, language: str, words: str) -> None:
    signed = rx.signed(rx.visit())
    browser = signed_in(rx.pharmacist().user)
    browser.cookies["django_language"] = language
    for address in (QUEUE, page_of(signed)):
        reply = browser.get(address)
        assert reply.status_code == 200
        if language == "en":
            assert words in reply.content.decode()


def test_the_number_of_statements_does_not_grow_with_the_queue(signed_in: SignIn) -> None:
    browser = signed_in(rx.pharmacist().user)

    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            browser.get(QUEUE)
        return len(seen)

    for _number in range(2):
        rx.signed(rx.visit(current_medicines="胺碘酮"), DraftLine(rx.valsartan().pk, Decimal(80), "qd", 7))
    browser.get(QUEUE)
    few = statements()
    for _number in range(6):
        rx.signed(rx.visit(current_medicines="胺碘酮"), DraftLine(rx.valsartan().pk, Decimal(80), "qd", 7))
    assert statements() == few


def test_passing_on_the_page_makes_it_payable_and_opens_the_next(signed_in: SignIn) -> None:
    first, second = rx.signed(rx.visit(), at=AT.replace(hour=5)), rx.signed(rx.visit())
    browser = signed_in(rx.pharmacist().user)
    reply = browser.post(reverse("prescriptions:decide", args=[first.number]), {"decision": "pass"})
    assert reply.url == page_of(second)  # type: ignore[attr-defined]
    first.refresh_from_db()
    assert first.state == PrescriptionState.EFFECTIVE


def test_a_return_without_reason_keeps_what_was_typed_and_says_so_beside_the_field(signed_in: SignIn) -> None:
    signed = rx.signed(rx.visit())
    browser = signed_in(rx.pharmacist().user)
    address = reverse("prescriptions:decide", args=[signed.number])
    reply = browser.post(address, {"decision": "return", "reason_code": "", "reason": "请核对剂量"})
    assert reply.status_code == 422
    text = reply.content.decode()
    assert "请核对剂量" in text
    assert "field--error" in text
    signed.refresh_from_db()
    assert signed.state == PrescriptionState.SUBMITTED
    browser.post(address, {"decision": "return", "reason_code": "dose", "reason": "请核对剂量"})
    signed.refresh_from_db()
    assert signed.state == PrescriptionState.RETURNED


def test_a_decision_that_comes_too_late_is_told_and_shows_the_other(signed_in: SignIn) -> None:
    signed = rx.signed(rx.visit())
    browser = signed_in(rx.pharmacist().user)
    rx.returned(signed, by=rx.pharmacist(insurance_code="H330100000077"))
    reply = browser.post(reverse("prescriptions:decide", args=[signed.number]), {"decision": "pass"})
    assert reply.status_code == 409
    assert "剂量偏大" in reply.content.decode()


def test_handing_out_on_the_page_wants_all_ten(signed_in: SignIn) -> None:
    passed = rx.paid(rx.passed(rx.signed(rx.visit())))
    browser = signed_in(rx.pharmacist().user)
    assert "四查十对" in browser.get(page_of(passed)).content.decode()
    address = reverse("prescriptions:dispense", args=[passed.number])
    reply = browser.post(address, {"checks": DispenseCheck.values[:9]})
    assert reply.status_code == 409
    assert reply.content.decode().count("checked") >= 9
    browser.post(address, {"checks": DispenseCheck.values})
    passed.refresh_from_db()
    assert passed.state == PrescriptionState.DISPENSED


def test_others_do_not_open_the_desk(signed_in: SignIn) -> None:
    visit = rx.visit()
    signed = rx.signed(visit)
    for user in (visit.doctor_user, visit.patient_user, UserFactory()):
        for address in (QUEUE, page_of(signed)):
            assert signed_in(user).get(address).status_code == 403


def test_a_draft_is_nobody_elses_business(signed_in: SignIn) -> None:
    draft = rx.draft(rx.visit())
    browser = signed_in(rx.pharmacist().user)
    assert browser.get(page_of(draft)).status_code == 404
    assert draft.number not in browser.get(QUEUE).content.decode()


def test_the_findings_and_reasons_are_before_the_pharmacist(signed_in: SignIn) -> None:
    from prescriptions import operations

    visit = rx.visit(allergies="青霉素", current_medicines="螺内酯")
    draft = rx.draft(visit, DraftLine(rx.valsartan().pk, Decimal(240), "qd", 7))
    key = "P-14:1:240mg"
    operations.submit(
        prescription_id=draft.pk,
        overrides={key: "血压 170/100"},
        signed_again=[key],
        by=visit.doctor_user,
        at=AT,
    )
    text = signed_in(rx.pharmacist().user).get(page_of(draft)).content.decode()
    for words in ("P-14", "I9", "血压 170/100", "青霉素", "螺内酯", "I10.x00"):
        assert words in text
