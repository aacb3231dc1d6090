"""The pages that everybody opens first: for everybody, light, and within the content policy."""

import pytest
from playwright.sync_api import Browser, Page

from kernel.presentation import MODE_COOKIE
from tests.accessibility import PHONE, assert_accessible
from tests.live_stack import LiveStack

pytestmark = pytest.mark.xdist_group("journeys")
MOST_BYTES = 150_000  # compressed, everything that the first page needs


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("mode", ["", "elder"])
@pytest.mark.parametrize("path", ["/", "/hospital/", "/offline/"])
def test_the_open_pages_are_for_everybody(
    browser: Browser, live_stack: LiveStack, path: str, mode: str, language: str
) -> None:
    context = browser.new_context(viewport=PHONE, locale="zh-CN")
    context.add_cookies(
        [
            {"name": "django_language", "value": language, "url": live_stack.url},
            {"name": MODE_COOKIE, "value": mode, "url": live_stack.url},
        ]
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    page.goto(live_stack.url + path)

    assert_accessible(page)
    assert complaints == []
    context.close()


def test_the_first_page_is_light(page: Page, live_stack: LiveStack) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    arrived: list[float] = []
    devtools.on("Network.loadingFinished", lambda event: arrived.append(event["encodedDataLength"]))

    page.goto(live_stack.url)
    page.wait_for_load_state("networkidle")

    assert 0 < sum(arrived) < MOST_BYTES


def test_the_switches_stay_on_the_page(page: Page, live_stack: LiveStack) -> None:
    page.goto(f"{live_stack.url}/hospital/")

    page.get_by_role("button", name="长辈版").first.click()
    assert page.locator("html").get_attribute("data-mode") == "elder"
    page.get_by_role("button", name="English").first.click()

    assert page.url == f"{live_stack.url}/hospital/"
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("html").get_attribute("data-mode") == "elder"
