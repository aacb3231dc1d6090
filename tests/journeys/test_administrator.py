"""The administrator changes a price from tomorrow: today's bill stays as it is, tomorrow's list shows it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from kernel.presentation import money
from pricing.rules.codes import ONLINE_REVISIT, ORDINARY_OUTPATIENT
from tests.journeys import books
from tests.journeys.actors import Staff
from tests.journeys.conftest import PatientCalled, StaffCalled
from tests.live_stack import LiveStack

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

NOW, NEW = "10.00", "13.50"
FORM = "form.max-w-2xl"


def test_a_price_begins_tomorrow_and_a_bill_of_today_stays(
    patient_called: PatientCalled, staff_called: StaffCalled, live_stack: LiveStack
) -> None:
    patient = patient_called("13800000001")
    number = patient.book("陈立")
    bill = patient.page.url.replace("/pay/", "/bills/")
    before = total_of(live_stack, number)
    assert before == Decimal(NOW)

    office = staff_called(Staff, "admin01").page
    office.goto("/admin/pricing/price/?when=now&q=" + ORDINARY_OUTPATIENT)
    present = office.locator("#result_list tbody tr", has_text=money(Decimal(NOW)))
    present.locator("a[href*='/change/']").first.click()
    office.locator("a[href$='/new-price/']").first.click()
    tomorrow = timezone.localdate() + timedelta(days=1)
    office.fill("input[name=amount]", NEW)
    # A day that has begun is refused beside its field, and what was typed stays.
    office.fill("input[name=from_on]", timezone.localdate().isoformat())
    document = office.locator("select[name=document] option", has_text="〔2025〕12号").get_attribute("value")
    office.select_option("select[name=document]", document)
    office.locator(FORM).locator("button[type=submit]").click()
    too_early = "A new price begins tomorrow at the earliest: today's visits were quoted already."
    expect(office.locator(FORM)).to_contain_text(books.words(too_early))
    assert office.input_value("input[name=amount]") == NEW
    office.fill("input[name=from_on]", tomorrow.isoformat())
    office.locator(FORM).locator("button[type=submit]").click()
    expect(office.locator("body")).to_contain_text(
        books.words("The new price is recorded. Until then the present one holds.")
    )

    for day, amount, other in ((timezone.localdate(), NOW, NEW), (tomorrow, NEW, NOW)):
        # The online visit is charged like the ordinary one, so it follows.
        for code in (ORDINARY_OUTPATIENT, ONLINE_REVISIT):
            patient.page.goto(f"/prices/?on={day.isoformat()}&q={code}")
            (row,) = patient.page.locator(".priceentry", has_text=code).all()
            expect(row).to_contain_text(money(Decimal(amount)))
            expect(row).not_to_contain_text(money(Decimal(other)))
    patient.page.goto(bill)
    expect(patient.page.locator("tfoot")).to_contain_text(money(Decimal(NOW)))
    assert total_of(live_stack, number) == before

    # Nothing of this is left to the journeys that follow.
    office.goto("/admin/pricing/price/?when=to_come&q=" + ORDINARY_OUTPATIENT)
    office.locator("#result_list tbody a[href*='/change/']").first.click()
    office.locator("a[href*='take-back'], a[href*='take_back']").first.click()
    office.locator(FORM).locator("button[type=submit]").click()
    patient.page.goto(f"/prices/?on={tomorrow.isoformat()}&q={ONLINE_REVISIT}")
    expect(patient.page.locator(".priceentry", has_text=ONLINE_REVISIT)).to_contain_text(money(Decimal(NOW)))


def total_of(stack: LiveStack, number: str) -> object:
    """Yuan of the consultation fee's bill."""
    statement = "SELECT b.total_amount FROM billing_bill b JOIN encounters_encounter e ON e.id = b.encounter_id WHERE e.number = %s"
    return books.one(stack, statement, number)
