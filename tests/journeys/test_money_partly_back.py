"""One of two units goes back: the finance office asks for it, and the patient sees each step without loading anything."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import books
from tests.journeys.actors import SETTLES_WITHIN, Staff
from tests.journeys.conftest import PatientCalled, StaffCalled
from tests.journeys.outside import Outside
from tests.live_stack import LiveStack

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

TWO_UNITS = "from tests.journeys.paid_visits import open_uninsured; open_uninsured(2)"


@pytest.mark.parametrize("channel", ["wechat", "alipay"])
def test_one_of_two_units_goes_back_the_way_it_came(
    channel: str,
    patient_called: PatientCalled,
    staff_called: StaffCalled,
    live_stack: LiveStack,
    outside: Outside,
) -> None:
    patient, clerk = patient_called("13800000001"), staff_called(Staff, "finance01")
    bill = live_stack.manage("shell", "-c", TWO_UNITS).split()[-1]
    page = patient.page
    page.goto(f"/pay/{bill}/")
    page.locator(f".actionbar button[value={channel}]").click()
    page.locator("button[value=pay]").click()
    page.wait_for_url(re.compile("/pay/B"))
    page.wait_for_selector(".asked__mark--done", timeout=SETTLES_WITHIN)
    page.goto(f"/orders/{bill}/")
    page.evaluate("window.stayed = true")

    clerk.page.goto(f"/office/refunds/of/{bill}/")
    clerk.page.select_option("[name=situation]", "hospital_fault")
    clerk.page.fill("[name=reason]", "多收了一次")
    clerk.page.fill("[name=line_1]", "1")
    clerk.page.locator("form.refund__form button.button--primary").click()
    clerk.page.wait_for_url(re.compile(r"/office/refunds/F"))

    done = books.words("Refunded: %(amount)s", amount="¥10.00")
    expect(page.locator("main")).to_contain_text(done, timeout=SETTLES_WITHIN)
    assert page.evaluate("window.stayed") is True, "the page was loaded again"
    assert back_at_the_channel(live_stack, outside, bill, channel) == ["10.00"]
    page.goto("/orders/")
    row = page.locator(f"section[aria-labelledby=group-done] a[href$='{bill}/']")
    came_back = books.words("Paid and settled. %(amount)s of it came back to you.", amount="¥10.00")
    expect(row).to_contain_text(came_back)


def back_at_the_channel(stack: LiveStack, outside: Outside, bill: str, channel: str) -> list[str]:
    """Yuan of what the channel has given back."""
    statement = "SELECT o.number FROM payments_paymentorder o JOIN billing_bill b ON b.id = o.bill_id WHERE b.number = %s"
    order = str(books.one(stack, statement, bill))
    if channel == "alipay":
        return outside.alipay_refunds(order)
    return [f"{fen / 100:.2f}" for answer, fen in outside.refunds(order) if answer == "SUCCESS"]
