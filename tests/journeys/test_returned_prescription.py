"""The pharmacist returns a prescription with a reason; nothing can be paid before the second version passes."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import books
from tests.journeys.actors import Doctor, Pharmacist
from tests.journeys.conftest import PatientCalled, StaffCalled
from tests.live_stack import LiveStack

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

REASON = "请改为 14 天，先复查肾功能。"


def test_a_returned_prescription_is_written_again_and_passes(
    patient_called: PatientCalled,
    staff_called: StaffCalled,
    pharmacist: Pharmacist,
    live_stack: LiveStack,
) -> None:
    patient = patient_called("13800000003")  # 王海燕, diabetes
    number = patient.book_and_pay("林致远", search="2xtnb")
    doctor = staff_called(Doctor, "doctor01")
    doctor.open(number)
    doctor.begin()
    doctor.confirm_revisit()
    doctor.write_record(search="2xtnb")
    doctor.prescribe(search="ejsg", days="28")
    doctor.sign_prescription()

    pharmacist.open_of(number)
    pharmacist.return_with("days", REASON)
    assert books.bills(live_stack, number, "drugs") == 0
    patient.page.goto("/prescriptions/")
    patient.page.locator("a[href*='/prescriptions/P'], a[href*='/prescriptions/R']").first.click()
    assert patient.page.locator("a[href*='/pay/']").count() == 0, "she cannot pay what was returned"

    expect(doctor.page.locator("#rx-editor")).to_contain_text(REASON)  # by itself
    doctor.page.locator("form[action$='/revise/'] button").click()
    doctor.page.wait_for_selector("[name=days]")
    doctor.page.fill("[name=days]", "14")
    with doctor.page.expect_response(re.compile("/lines/")):
        doctor.page.press("[name=days]", "Tab")
    doctor.sign_prescription()
    versions = "SELECT p.version, p.state FROM prescriptions_prescription p JOIN encounters_encounter e ON e.id = p.encounter_id WHERE e.number = %s ORDER BY p.version"
    assert [row[0] for row in live_stack.query(versions, number)] == [1, 2]

    pharmacist.open_of(number)
    pharmacist.decide_to_pass()
    assert books.bills(live_stack, number, "drugs") == 1
    patient.page.reload()
    patient.page.goto("/prescriptions/")
    expect(patient.page.locator("main")).to_be_visible()
    doctor.open(number)
    doctor.finish()
