"""Every page that patient, doctor and pharmacist meet is open to everybody: WCAG 2.2 A and AA by axe-core.

In Chinese and English, on a phone and at a desk; what patients use also in large print.
"""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize

from kernel.presentation import MODE_COOKIE
from pricing.rules.codes import ONLINE_REVISIT
from tests.accessibility import DESK, PHONE, violations
from tests.journeys.actors import Doctor, Patient, Person, Pharmacist
from tests.journeys.conftest import PatientCalled, StaffCalled
from tests.journeys.outside import Outside
from tests.live_stack import LiveStack

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

ENGLISH = {"django_language": "en"}
LARGE = {MODE_COOKIE: "elder"}


class Inspector:
    """Looks at pages and writes down what is wrong; one list for all of them."""

    def __init__(self, address: str) -> None:
        """``address`` is that of the product."""
        self.address = address
        self.complaints: list[str] = []

    def look(self, person: Person, *paths: str) -> None:
        """At pages by address (the present one without any) in every language, size and print; then go back."""
        page, here = person.page, person.page.url
        for path in paths or (here,):
            for cookies in ({}, ENGLISH, LARGE) if isinstance(person, Patient) else ({}, ENGLISH):
                person.context.add_cookies(
                    [{"name": name, "value": value, "url": self.address} for name, value in cookies.items()]
                )
                page.goto(path)
                self.look_here(
                    page, "/".join(cookies.values()), sizes=(PHONE,) if cookies is LARGE else (PHONE, DESK)
                )
                for name in cookies:
                    person.context.clear_cookies(name=name)
        if page.url != here:
            page.goto(here)

    def look_here(
        self, page: Page, how: str = "", *, sizes: tuple[ViewportSize, ...] = (PHONE, DESK)
    ) -> None:
        """At the page as it stands."""
        before = page.viewport_size
        for size in sizes:
            page.set_viewport_size(size)
            found = violations(page)
            too_wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            found += [f"{too_wide} px too wide"] if too_wide > 0 else []
            where = page.url.removeprefix(self.address)
            self.complaints += [f"{where} {how} at {size['width']} px: {one}" for one in found]
        if before:
            page.set_viewport_size(before)


@pytest.fixture
def inspector(live_stack: LiveStack) -> Inspector:
    """Begins with an empty list."""
    return Inspector(live_stack.url)


def test_whoever_comes_by_can_read_every_open_page(
    browser: Browser, live_stack: LiveStack, people: list[Person], inspector: Inspector
) -> None:
    visitor = Patient(browser, live_stack, "13800000004", "赵志强")
    people.append(visitor)
    price = f"/prices/{ONLINE_REVISIT}/"
    # The page one comes by, the hospital's and the one without a line: in every size and print by test_open_pages.
    inspector.look(visitor, "/departments/", "/no-such-page/")
    inspector.look(visitor, f"{price}compare/", "/prices/proof/", "/prices/files/")
    inspector.look(visitor, "/prices/", price, f"{price}why/", "/accounts/sign-in/", "/accounts/staff/")
    visitor.page.goto("/accounts/sign-in/")
    visitor.page.fill("input[name=mobile]", "123")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_selector(".field--error")
    inspector.look_here(visitor.page, "refused")
    visitor.forget_limits()
    visitor.page.fill("input[name=mobile]", visitor.mobile)
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_selector("input[name=code]")
    inspector.look(visitor)
    assert inspector.complaints == []


def test_patient_doctor_and_pharmacist_can_use_every_page_of_a_visit(
    patient_called: PatientCalled,
    staff_called: StaffCalled,
    pharmacist: Pharmacist,
    outside: Outside,
    inspector: Inspector,
    tmp_path: Path,
) -> None:
    patient, doctor = patient_called("13800000002"), staff_called(Doctor, "doctor03")
    number = until_settled(patient, inspector, outside, tmp_path)
    at_the_clinic(patient, doctor, number, inspector)
    review(doctor, pharmacist, number, inspector)
    doctor.finish()
    inspector.look(doctor)
    afterwards(patient, number, inspector)
    assert inspector.complaints == []


def until_settled(patient: Patient, inspector: Inspector, outside: Outside, tmp_path: Path) -> str:
    """Booking and paying."""
    look = inspector.look
    look(patient, "/", "/me/", "/me/family/add/", "/prescriptions/")
    patient.page.goto("/me/")
    coverage = patient.page.locator("a[href*='/me/coverage/']").first.get_attribute("href")
    look(patient, str(coverage))
    patient.choose_place("陈立")
    inspector.look_here(patient.page, "chosen")
    look(patient)
    patient.choose_place("陈立")
    number = patient.hold()
    look(patient)
    patient.describe()
    patient.page.wait_for_url(re.compile("/proof/"))
    look(patient)
    patient.go_on()
    patient.page.wait_for_selector(".field--error")
    inspector.look_here(patient.page, "refused")
    paper = tmp_path / "paper.png"
    Image.new("RGB", (60, 80), "white").save(paper)
    patient.prove_by_paper(paper, diagnosed_on=(timezone.localdate() - timedelta(days=20)).isoformat())
    patient.page.wait_for_url(re.compile("/consent/"))
    look(patient, f"/visits/{number}/proof/", f"/visits/{number}/consent/")
    patient.page.goto(f"/visits/{number}/consent/")
    patient.consent()
    patient.see_shares()
    look(patient)
    bill = patient.page.url
    outside.insurer_goes_wrong("2207A", "http_502", times=100)
    patient.page.locator(".actionbar button.button--primary").click()
    patient.page.wait_for_url(re.compile("/cashier/"))
    cashier = patient.page.url
    look(patient, bill)
    patient.page.goto(cashier)
    patient.page.locator("button[value=pay]").click()
    patient.page.wait_for_selector("[data-since]")
    look(patient)
    outside.behave()
    patient.wait_until_settled()
    look(patient, bill, bill.replace("/pay/", "/bills/"), "/visits/", f"/visits/{number}/")
    look(patient, "/orders/", bill.replace("/pay/", "/orders/").partition("?")[0])
    look(patient, f"/visits/{number}/fee-list/")
    return number


def at_the_clinic(patient: Patient, doctor: Doctor, number: str, inspector: Inspector) -> None:
    """Queue, proof, conversation, record and prescription."""
    desk = f"/clinic/{number}/"
    inspector.look(doctor, "/clinic/", desk, f"{desk}?tab=rx")
    doctor.open(number)
    doctor.begin()
    inspector.look(doctor, desk)
    patient.enter_room(number)
    patient.say("早上 130/82，没有头晕。")
    doctor.hears("早上 130/82，没有头晕。")
    doctor.say("控制得不错。")
    patient.hears("控制得不错。")
    inspector.look(patient, f"/visits/{number}/", "/")
    doctor.confirm_revisit()
    inspector.look(doctor, f"{desk}?stop=1", f"{desk}?tab=rx", f"{desk}?tab=end")
    doctor.open(number)
    doctor.write_record()
    doctor.prescribe(search="aldp", days="28")
    inspector.look_here(doctor.page, "written")
    inspector.look(doctor, f"{desk}?tab=record", f"{desk}?tab=rx")


def review(doctor: Doctor, pharmacist: Pharmacist, number: str, inspector: Inspector) -> None:
    """Sign, look at it as the pharmacist, pass."""
    doctor.page.goto(f"/clinic/{number}/?tab=rx")
    doctor.sign_prescription()
    inspector.look(doctor, f"/clinic/{number}/?tab=rx")
    inspector.look(pharmacist, "/pharmacy/")
    pharmacist.open_of(number)
    inspector.look(pharmacist)
    prescription = pharmacist.page.url
    pharmacist.decide_to_pass()
    inspector.look(pharmacist, "/pharmacy/", prescription)
    doctor.open(number)
    inspector.look(doctor, f"/clinic/{number}/?tab=end")
    doctor.open(number)


def afterwards(patient: Patient, number: str, inspector: Inspector) -> None:
    """What stays with the patient, and the bill of the medicines."""
    patient.sees_the_end()
    inspector.look(patient, f"/visits/{number}/", "/prescriptions/")
    patient.page.goto("/prescriptions/")
    patient.page.locator("a[href*='/prescriptions/P']").first.click()
    patient.page.wait_for_load_state("load")
    detail = patient.page.url
    inspector.look(patient, detail, f"{detail}note/")
    patient.page.goto(detail)
    patient.page.locator(".actionbar a.button--primary").click()
    patient.see_shares()
    inspector.look(patient)
