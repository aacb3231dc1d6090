"""A day whose books differ in every way is compared, shown, and worked through by the insurance office."""

import json

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.accessibility import assert_accessible
from tests.journeys import books
from tests.journeys.actors import APPEARS_WITHIN, Staff
from tests.journeys.conftest import StaffCalled
from tests.journeys.outside import Outside
from tests.live_stack import LiveStack

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

PAID = "from tests.journeys.paid_visits import pay; "


def visits(stack: LiveStack, count: int, until: str) -> list[dict[str, str]]:
    """Numbers of so many visits that were paid just now."""
    told = stack.manage("shell", "--no-imports", "-c", f"{PAID}pay({count}, until={until!r})")
    numbers: list[dict[str, str]] = json.loads(told.strip().splitlines()[-1])
    return numbers


def test_a_day_that_differs_in_every_way_is_worked_through(
    staff_called: StaffCalled, live_stack: LiveStack, outside: Outside
) -> None:
    dearer, lost = visits(live_stack, 2, "settled")
    outside.insurer_goes_wrong("2207A", "http_502", times=1000)
    (unknown,) = visits(live_stack, 1, "settling")
    number = outside.insurer_holds_otherwise("amount", dearer["msgid"], "3.00")
    stranger = outside.insurer_holds_otherwise("stranger", dearer["msgid"])
    refunded = outside.insurer_holds_otherwise("refunded", lost["msgid"])
    outside.bill_leaves_out(lost["order"])

    page = staff_called(Staff, "insurance01").page
    page.goto("/office/reconciliation/")
    assert_accessible(page)
    today = books.one(live_stack, "SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date::text")
    page.fill("input[name=day]", str(today))
    page.locator("main form button").first.click()
    page.wait_for_url(f"**/office/reconciliation/{today}/")

    # The page follows by itself until every source is compared.
    found = {
        number: "Amounts differ",
        stranger: "They hold it, we do not",
        refunded: "Status differs",
        lost["order"]: "We hold it, they do not",
        unknown["msgid"]: "Outcome unknown",
    }
    for key, title in found.items():
        expect(row_of(page, key)).to_contain_text(books.words(title), timeout=APPEARS_WITHIN)
    assert_accessible(page)

    day = page.url
    work(page, day, number, "correct", way="booked_here", reason="中心按新价重新结算")
    expect(page.locator("main")).to_contain_text("¥3.00")
    work(page, day, stranger, "correct", way="undone_there", reason="中心已撤销", reference="YB-2026-001")
    work(page, day, refunded, "correct", way="done_there", reason="中心已更正", reference="YB-2026-002")
    work(page, day, lost["order"], "explain", reason="渠道次日账单已列")
    assert_accessible(page)

    # What is unknown cannot be corrected: the insurer answers at last, and the next run finds both sides agreed.
    open_difference(page, day, unknown["msgid"])
    page.locator("button[value=take]").click()
    page.locator("#correct-way_0").check(force=True)
    page.fill("#correct-reason", "中心说已结算")
    page.locator("button[value=correct]").click()
    expect(page.locator("main")).to_contain_text(
        books.words("Our own side still waits for the outcome of this one.")
    )
    outside.behave()
    outside.bill_leaves_out(lost["order"])
    page.goto(f"/office/insurance/settlements/{unknown['claim']}/")
    page.locator("button[value=ask]").click()
    staff_waits(page, live_stack, unknown["claim"])
    page.goto(day)
    page.locator(".recon__head form button").click()
    expect(row_of(page, unknown["msgid"])).to_contain_text(books.words("Closed"), timeout=APPEARS_WITHIN)

    left = live_stack.query(
        "SELECT key FROM reconciliation_difference WHERE state <> 'closed' AND key = ANY(%s)", list(found)
    )
    assert left == []


def row_of(page: Page, key: str) -> Locator:
    """The line of a difference."""
    return page.locator(".recon__lines tbody tr", has_text=key)


def open_difference(page: Page, day: str, key: str) -> None:
    """From the day to one difference; by the address of its link, since the list may be renewed under a pointer."""
    page.goto(day)
    address = row_of(page, key).locator("a.recon__kind").get_attribute("href")
    page.goto(str(address))
    page.wait_for_url("**/differences/*/")


def work(
    page: Page, day: str, key: str, act: str, *, reason: str, way: str = "", reference: str = ""
) -> None:
    """Take it over, say what was done, and close it."""
    open_difference(page, day, key)
    page.locator("button[value=take]").click()
    if way:
        page.locator(f"input[name=way][value={way}]").check(force=True)
        page.fill("#correct-reference", reference)
    page.fill(f"#{act}-reason", reason)
    page.locator(f"button[value={act}]").click()
    page.locator("button[value=close]").click()
    expect(page.locator(".recon__head .state--done")).to_be_visible()


def staff_waits(page: Page, stack: LiveStack, claim: str) -> None:
    """Until the claim is settled."""
    for _look in range(APPEARS_WITHIN // 200):
        if books.one(stack, "SELECT state FROM insurance_claim WHERE batch_number = %s", claim) == "settled":
            return
        page.wait_for_timeout(200)
    raise AssertionError("the claim was not settled")
