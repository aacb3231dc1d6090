"""The hospital's agreement with the insurance is suspended: she is told before she pays, and paying is her choice."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.accessibility import violations
from tests.journeys import books
from tests.journeys.actors import Staff
from tests.journeys.conftest import PatientCalled, StaffCalled
from tests.journeys.outside import Outside
from tests.live_stack import LiveStack

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

REASON = "飞行检查整改，演示"
NUMBER = "演示-互联网-2024-001"
CLAIMS = (
    "SELECT c.id FROM insurance_claim c JOIN billing_bill b ON b.id = c.bill_id"
    " JOIN encounters_encounter e ON e.id = b.encounter_id WHERE e.number = %s"
)


class InsuranceClerk(Staff):
    """Of the insurance office."""

    def open_agreement(self, number: str) -> None:
        """From the list of agreements."""
        self.page.goto("/office/insurance/agreements/")
        self.page.get_by_role("link", name=number, exact=True).click()
        self.page.wait_for_url(re.compile(r"/agreements/\d+/"))

    def record(self, act: str, **typed: str) -> None:
        """One of the acts on the page of an agreement."""
        button = self.page.locator(f"button[name=do][value={act}]")
        form = self.page.locator("form", has=button)
        if not button.is_visible():
            self.page.locator("details", has=button).locator("summary").click()
        for name, value in typed.items():
            form.locator(f"[name={name}]").fill(value)
        button.click()
        self.page.wait_for_url(re.compile(r"/agreements/\d+/$"))


@pytest.fixture
def clerk(staff_called: StaffCalled, live_stack: LiveStack) -> Iterator[InsuranceClerk]:
    """医保办; whatever happens, the agreement is in force afterwards."""
    yield staff_called(InsuranceClerk, "insurance01")
    live_stack.query("UPDATE insurance_agreement SET state = 'signed' WHERE number = %s RETURNING id", NUMBER)
    live_stack.query("DELETE FROM insurance_agreementsuspension RETURNING id")


def test_a_suspension_is_told_before_she_pays_and_she_chooses_to_pay_herself(
    clerk: InsuranceClerk, patient_called: PatientCalled, live_stack: LiveStack, outside: Outside
) -> None:
    today = clerk.page.evaluate("new Date().toLocaleDateString('sv', {timeZone: 'Asia/Shanghai'})")
    clerk.open_agreement(NUMBER)
    clerk.record("suspend", from_on=today, reason=REASON)
    expect(clerk.page.locator("main")).to_contain_text(REASON)
    assert violations(clerk.page) == []

    patient = patient_called("13800000003")
    number = patient.book("陈立", search="2xtnb")
    page = patient.page
    told = page.locator(".notice", has=page.locator(".against"))
    expect(told).to_contain_text(REASON)
    expect(told).to_contain_text(books.words("Medical insurance cannot be used for this bill"))
    assert violations(page) == []
    assert live_stack.query(CLAIMS, number) == [], "the insurer is not asked"
    assert books.orders(live_stack, number) == [], "nothing is charged before she has chosen"

    page.locator(".actionbar button[value=self_pay]").click()
    expect(page.locator("main")).to_contain_text(books.words("Paid without insurance."))
    patient.pay()
    patient.wait_until_settled()
    assert books.settlements(live_stack, number) == []
    ((order, state),) = books.orders(live_stack, number)
    assert (state, outside.paid(order)) == ("paid", 1000)

    clerk.record("resume", resumed_on=today)
    expect(clerk.page.locator("main")).to_contain_text(books.words("In force today"))
