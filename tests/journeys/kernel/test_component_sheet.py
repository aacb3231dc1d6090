"""The sheet of components in a real browser: open to everybody, within the content policy, light, and at work."""

import gzip
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect
from pytest_django.live_server_helper import LiveServer

from kernel.presentation import MODE_COOKIE
from tests.accessibility import DESK, PHONE, assert_accessible

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("journeys")]
MOST_BYTES = 150_000  # compressed, of a first page


@pytest.fixture
def context_of(browser: Browser, browser_context_args: dict[str, object]) -> Iterator[list[BrowserContext]]:
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


def sheet_in(
    browser: Browser,
    opened: list[BrowserContext],
    server: LiveServer,
    *,
    language: str,
    mode: str,
    scheme: str,
) -> Page:
    context = browser.new_context(viewport=DESK, color_scheme=scheme, locale="zh-CN")  # type: ignore[arg-type]
    opened.append(context)
    context.add_cookies(
        [
            {"name": "django_language", "value": language, "url": server.url},
            {"name": MODE_COOKIE, "value": mode, "url": server.url},
        ]
    )
    page = context.new_page()
    page.goto(f"{server.url}/components/")
    return page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    ("mode", "scheme"), [("", "light"), ("", "dark"), ("elder", "light"), ("elder", "dark")]
)
def test_every_component_is_open_to_everybody(
    browser: Browser,
    context_of: list[BrowserContext],
    live_server: LiveServer,
    language: str,
    mode: str,
    scheme: str,
) -> None:
    page = sheet_in(browser, context_of, live_server, language=language, mode=mode, scheme=scheme)
    assert_accessible(page, sizes=(PHONE, DESK))


def test_nothing_on_the_sheet_breaks_the_content_policy(page: Page, live_server: LiveServer) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{live_server.url}/components/")
    page.wait_for_load_state("networkidle")
    assert complaints == []


def test_a_first_page_is_light(page: Page, live_server: LiveServer) -> None:
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(f"{live_server.url}/components/")
    page.wait_for_load_state("networkidle")
    sizes = {answer.url: len(gzip.compress(answer.body())) for answer in answers if answer.ok}
    assert len(sizes) > 5
    assert sum(sizes.values()) < MOST_BYTES, sizes


def test_a_sheet_opens_takes_the_focus_and_gives_it_back(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/components/")
    opener = page.locator("[data-opens=why]")
    opener.click()
    dialog = page.locator("dialog#why")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_focus_goes_to_the_summary_of_what_is_wrong(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/components/")
    expect(page.locator(".summary")).to_be_focused()


def test_a_number_is_shown_in_groups_while_it_is_typed(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/components/")
    field = page.locator("[name=mobile]")
    field.fill("")
    field.press_sequentially("13800001234")
    expect(field).to_have_value("138 0000 1234")


def test_the_names_of_chosen_files_are_shown(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/components/")
    page.locator("[name=proof]").set_input_files(
        {"name": "病历.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    expect(page.locator(".filefield__names")).to_contain_text("病历.pdf")


def test_time_left_runs_on(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/components/")
    timer = page.locator("[role=timer]")
    shown = timer.inner_text()
    expect(timer).not_to_have_text(shown, timeout=3000)


def test_a_second_press_does_not_send_a_form_twice(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/components/")
    sent = page.evaluate(
        """() => {
            const form = document.querySelector('main form[method=post]');
            let sent = 0;
            document.addEventListener('submit', (event) => { if (!event.defaultPrevented) sent += 1; event.preventDefault(); });
            form.noValidate = true;
            form.requestSubmit();
            form.requestSubmit();
            return sent;
        }"""
    )
    assert sent == 1


def test_the_language_changes_at_one_press(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/components/")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
