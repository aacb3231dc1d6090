"""Two people change a price: drafted from a file, compared, approved by the second, published, and shown from its day."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from kernel.presentation import money
from tests.accessibility import assert_accessible
from tests.journeys import books
from tests.journeys.actors import Staff
from tests.journeys.conftest import PatientCalled, StaffCalled
from tests.live_stack import LiveStack

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

CODE, NEW = "XC08CADEMO001", "77.70"
DOCUMENT = "演医保发〔2025〕12号"
DAYS_AHEAD = 300
"""So far ahead that no other journey comes near it."""
TITLE = "演示药品调价"


def press(page: Page, name: str, value: str) -> None:
    page.locator(f"main button[name='{name}'][value='{value}']").click()


def test_a_price_is_drafted_from_a_file_approved_by_a_second_person_and_shown_from_its_day(
    staff_called: StaffCalled, patient_called: PatientCalled, live_stack: LiveStack, tmp_path: Path
) -> None:
    begins = timezone.localdate() + timedelta(days=DAYS_AHEAD)
    region, level, now = live_stack.query(
        "SELECT p.region_code, coalesce(p.institution_level::text, ''), p.amount FROM pricing_price p"
        " JOIN pricing_priceitem i ON i.id = p.item_id WHERE i.code = %s AND p.retracted_at IS NULL",
        CODE,
    )[0]
    table = tmp_path / "prices.csv"
    line = f"{CODE},{region},{level},{{amount}},甲,{begins.isoformat()}\n"
    heads = "项目代码,地区代码,机构级别,金额,医保类别,生效日期\n"

    clerk = staff_called(Staff, "admin01").page
    clerk.goto("/office/prices/new/")
    clerk.fill("input[name=title]", TITLE)
    document = clerk.locator("select[name=document] option", has_text=DOCUMENT).get_attribute("value")
    clerk.select_option("select[name=document]", document)
    clerk.locator("main form button").last.click()
    clerk.wait_for_url("**/office/prices/TJ*/")
    address = clerk.url

    # A file with a fault tells its cell, and nothing of it is taken.
    table.write_text(heads + line.format(amount="七十七元"), encoding="gb18030")
    clerk.goto(f"{address}import/")
    clerk.set_input_files("input[type=file]", table)
    clerk.locator("main form button").click()
    expect(clerk.locator("table tbody tr")).to_contain_text("D2")
    expect(clerk.locator("table tbody tr")).to_contain_text("七十七元")

    table.write_text(heads + line.format(amount=NEW), encoding="gb18030")
    clerk.goto(f"{address}import/")
    clerk.set_input_files("input[type=file]", table)
    clerk.locator("main form button").click()
    expect(clerk.locator("table tbody tr")).to_contain_text(money(Decimal(NEW)))
    clerk.locator("main form button").click()
    clerk.wait_for_url(address)
    expect(clerk.locator("table tbody tr")).to_have_count(1)
    assert_accessible(clerk)

    clerk.goto(f"{address}compare/")
    change = clerk.locator("table tbody tr").inner_text()
    assert money(Decimal(str(now))) in change
    assert money(Decimal(NEW)) in change
    clerk.goto(address)
    press(clerk, "decision", "submit")
    # Who drafted has no button for it.
    expect(clerk.locator("main button[value=approve]")).to_have_count(0)

    second = staff_called(Staff, "admin02").page
    second.goto("/office/prices/")
    expect(second.locator(".rail .count--needs")).to_have_text("1")
    second.locator("main table a", has_text="TJ").first.click()
    press(second, "decision", "approve")
    second.locator("main a[href$='/publish/']").click()
    expect(second.locator("main")).to_contain_text(begins.isoformat())
    assert_accessible(second)
    second.locator("main form button").click()
    second.wait_for_url(address)
    expect(second.locator("main .state--done")).to_be_visible()

    visitor = patient_called("13800000004").page
    for day, amount, other in (
        (begins - timedelta(days=1), str(now), NEW),
        (begins, NEW, str(now)),
    ):
        visitor.goto(f"/prices/?on={day.isoformat()}&q={CODE}")
        row = visitor.locator(".priceentry", has_text=CODE).first
        expect(row).to_contain_text(money(Decimal(amount)))
        expect(row).not_to_contain_text(money(Decimal(other)))
    assert (
        books.one(live_stack, "SELECT state FROM pricing_pricerevision WHERE title = %s", TITLE)
        == "published"
    )
