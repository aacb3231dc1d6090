"""The insurance's audit rules at the doctor's desk: what is denied cannot be signed, what is warned of is, with a reason."""

import re

import pytest
from playwright.sync_api import expect

from tests.accessibility import assert_accessible
from tests.journeys.actors import Doctor, Staff
from tests.journeys.conftest import PatientCalled, StaffCalled
from tests.live_stack import LiveStack

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

REASON = "二甲双胍不耐受，已停用。"
OUTCOMES = (
    "SELECT s.outcome, f.rule, f.reason FROM screening_screeningfinding f JOIN screening_screening s"
    " ON s.id = f.screening_id JOIN encounters_encounter e ON e.id = s.encounter_id"
    " WHERE e.number = %s AND s.moment = 'before_signing' ORDER BY f.id"
)


def test_a_denied_medicine_cannot_be_signed_and_a_warned_one_is_with_a_reason_that_the_office_sees(
    patient_called: PatientCalled, staff_called: StaffCalled, live_stack: LiveStack
) -> None:
    patient = patient_called("13800000003")  # 王海燕, insured, diabetes
    number = patient.book_and_pay("林致远", search="2xtnb")
    doctor = staff_called(Doctor, "doctor01")
    doctor.open(number)
    doctor.begin()
    doctor.confirm_revisit()
    doctor.write_record(search="2xtnb")

    # 孟鲁司特钠片: in the demonstration paid for inpatients only.
    doctor.page.locator("[data-tab=rx]").click()
    doctor.search("#rx-search", "mlst", into="#rx-found")
    doctor.page.locator("#rx-found button.qitem").first.click()
    denied = doctor.page.locator(".finding", has_text="SR-05")
    expect(denied).to_be_visible()
    assert denied.locator("input[name=reason]").count() == 0
    expect(doctor.page.locator("#rx-signbar button")).to_have_attribute("aria-disabled", "true")
    doctor.drawn_anew(lambda: doctor.page.locator("form[action*='/remove/'] button").click())
    expect(denied).to_have_count(0)

    # 利格列汀: a second-line medicine of the demonstration.
    doctor.prescribe(search="lglt", days="14")
    warned = doctor.page.locator(".finding", has_text="SR-11")
    expect(doctor.page.locator("#rx-signbar button")).to_have_attribute("aria-disabled", "true")
    warned.locator("input[name=reason]").fill(REASON)
    doctor.drawn_anew(lambda: warned.locator("form[action$='/keep/'] button").click())
    doctor.sign_prescription()
    assert live_stack.query(OUTCOMES, number) == [("answered", "SR-11", REASON)]
    asked = "SELECT a.asked FROM screening_analysis a JOIN encounters_encounter e ON e.id = a.encounter_id WHERE e.number = %s"
    assert ("answered",) in live_stack.query(asked, number)

    officer = staff_called(Staff, "insurance01").page
    officer.goto("/office/screening/findings/?rule=SR-11")
    expect(officer.locator("tbody tr").first).to_contain_text(REASON)
    for width in (1366, 390):
        officer.set_viewport_size({"width": width, "height": 900})
        for address in (
            "/office/screening/",
            "/office/screening/rules/SR-11/",
            "/office/screening/findings/",
        ):
            officer.goto(address)
            assert_accessible(officer)
            assert officer.evaluate("document.documentElement.scrollWidth") <= width
    officer.locator("tbody tr a").first.click()
    officer.wait_for_url(re.compile("/looks/"))
    assert_accessible(officer)

    doctor.open(number)
    doctor.finish()
