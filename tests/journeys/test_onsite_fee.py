"""Somebody at home asks what a nurse's visit costs: with script in place, without script by the button."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from kernel.presentation import MODE_COOKIE
from tests.accessibility import assert_accessible
from tests.live_stack import LiveStack

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

PATH = "/prices/onsite-fee/"
LANGUAGE = "django_language"


def ask(page: Page, *, distance: str, start: str = "09:00") -> None:
    """Type what the visit is; the day is one on which no holiday is entered."""
    day = timezone.localdate() + timedelta(days=14)
    page.fill("#id_day", day.isoformat())
    page.fill("#id_start", start)
    page.fill("#id_distance_km", distance)
    page.locator("#id_distance_km").blur()


def test_the_fee_follows_what_is_typed_and_says_where_the_hospital_does_not_come(
    page: Page, live_stack: LiveStack
) -> None:
    page.goto(f"{live_stack.url}{PATH}")
    page.evaluate("window.stayed = true")
    ask(page, distance="4")
    expect(page.locator("#visit .figure__value")).to_have_text("¥140.00")
    ask(page, distance="4", start="21:00")
    expect(page.locator("#visit .how__line--sum .money")).to_have_text("¥182.00")  # and 30 % by night
    ask(page, distance="20.01")
    expect(page.locator("#visit .notice--warning")).to_contain_text("20.01")
    expect(page.locator("#visit .figure__value")).to_have_count(0)
    assert page.evaluate("window.stayed") is True  # the page itself was never left
    assert "distance_km=20.01" in page.url


def test_without_script_the_button_brings_the_whole_visit_line_by_line(
    browser: Browser, live_stack: LiveStack
) -> None:
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"{live_stack.url}{PATH}")
        page.fill("#id_distance_km", "4")
        page.locator("details summary").first.click()
        page.locator("#id_n-YS-HL-HY").fill("1")
        page.locator(".visitcalc__form button").click()
        lines = page.locator("#visit .ledger__line")
        expect(lines).to_have_count(3)
        expect(page.locator("#visit .figure__value")).to_have_text("¥185.50")  # 45.50 and 140.00
        assert page.url.endswith("#visit")
    finally:
        context.close()


@pytest.mark.parametrize(
    "cookie", [None, (LANGUAGE, "en"), (MODE_COOKIE, "elder")], ids=["zh", "en", "elder"]
)
def test_everybody_can_use_the_calculator(
    page: Page, live_stack: LiveStack, cookie: tuple[str, str] | None
) -> None:
    if cookie is not None:
        page.context.add_cookies([{"name": cookie[0], "value": cookie[1], "url": live_stack.url}])
    day = timezone.localdate() + timedelta(days=14)
    asked = f"?area=inside&distance_km=4&nurse_title=254&day={day}&start=21:30&duration_minutes=100&persons=2"
    for query in (
        "",
        asked,
        f"{asked}&n-YS-HL-HY=1",
        asked.replace("inside", "outside"),
        f"{asked}&persons=0",
    ):
        page.goto(f"{live_stack.url}{PATH}{query}")
        assert_accessible(page)
