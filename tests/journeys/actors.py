"""The people of the journeys: each does what a person does, in a browser, on the running product."""

import contextlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import redis
from playwright.sync_api import Browser, BrowserContext, Page, expect
from playwright.sync_api import TimeoutError as Late

from tests.journeys import hours
from tests.journeys.outside import Outside
from tests.live_stack import LiveStack

PHONE = "Mozilla/5.0 (Linux; Android 14; Mobile) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36"
PASSWORD = "Xinglin-demo-2026"
APPEARS_WITHIN = 60_000
"""Milliseconds: whatever a page shows by itself, on a busy machine."""
SETTLES_WITHIN = 120_000
"""Milliseconds: jobs, their calls, the pauses between them and the page's own polling."""


class Person:
    """Somebody with a browser of her own."""

    def __init__(
        self,
        browser: Browser,
        stack: LiveStack,
        *,
        width: int,
        height: int,
        agent: str | None = None,
        state: Any = None,
    ) -> None:
        """A fresh browser profile of one size; ``state`` brings the cookies of an earlier one."""
        self.stack = stack
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            user_agent=agent,
            storage_state=state,
            base_url=stack.url,
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(APPEARS_WITHIN)
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def search(self, field: str, text: str, into: str) -> None:
        """Fill in a search field, and go on when what was found for it stands in its list."""
        self.page.locator(into).evaluate("list => list.append(document.createElement('s'))")
        self.page.fill(field, text)
        self.page.wait_for_selector(f"{into} > s", state="detached")

    def wait_for(self, happened: Callable[[], bool], what: str) -> None:
        """Until something outside the page has happened."""
        for _look in range(APPEARS_WITHIN // 100):
            if happened():
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"waited in vain for {what}")

    def close(self) -> None:
        """Put the browser away; a script error on the way is a failure."""
        # With its connection open the page has been seen to keep the browser from closing; words not sent ask back.
        self.page.on("dialog", lambda dialog: dialog.accept())
        with contextlib.suppress(Late):
            self.page.goto("about:blank", wait_until="commit", timeout=10_000)
        self.context.close()
        assert self.errors == []


class Patient(Person):
    """A patient on her phone."""

    def __init__(
        self, browser: Browser, stack: LiveStack, mobile: str, name: str, *, state: Any = None
    ) -> None:
        """``name`` is her verified name, with which she signs."""
        super().__init__(browser, stack, width=390, height=844, agent=PHONE, state=state)
        self.mobile, self.name = mobile, name

    def sign_in(self) -> None:
        """By the code that the text message brings."""
        self.page.goto("/accounts/sign-in/")
        self.ask_for_code()
        self.page.wait_for_url(lambda url: "/accounts/" not in url)

    def ask_for_code(self) -> None:
        """From the page that asks for the number to the one she wanted."""
        self.forget_limits()
        before = self._codes()
        self.page.fill("input[name=mobile]", self.mobile)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector("input[name=code]")
        self.wait_for(lambda: len(self._codes()) > len(before), "a text message")
        self.page.fill("input[name=code]", self._codes()[0])
        self.page.keyboard.press("Enter")

    def _codes(self) -> list[str]:
        """The codes that her phone shows, newest first."""
        texts = Outside(self.stack.simulators_url).texts(self.mobile)
        return [str(one["params"]["code"]) for one in texts if one["template"] == "sign_in_code"]

    def forget_limits(self) -> None:
        """How often a code may be asked for is tested elsewhere; here the same people come again and again."""
        store = redis.Redis.from_url(self.stack.env["REDIS_URL"])
        for key in store.scan_iter("limit:*"):
            store.delete(key)

    def choose_place(self, doctor: str, *, days_ahead: int = 0) -> None:
        """The doctor's first free time of a day."""
        hours.wait_for_a_slot()
        self.page.goto("/departments/")
        self.page.locator("a.entry", has_text=doctor).click()
        if days_ahead:
            self.page.locator("a.day").nth(days_ahead).click()
            self.page.wait_for_url(re.compile("day="))
        self.page.locator("label.slot:not(.slot--full) input").first.check(force=True)

    def hold(self) -> str:
        """Take the chosen time; returns the number of the visit."""
        self.page.locator(".actionbar button").click()
        self.page.wait_for_url(re.compile(r"/visits/V\d+/complaint/"))
        return self.number

    @property
    def number(self) -> str:
        """The visit in the address."""
        found = re.search(r"V\d{14}", self.page.url)
        assert found, self.page.url
        return found.group()

    def describe(self, *, search: str = "gxy", complaint: str = "血压平稳，想续四周的降压药。") -> None:
        """Complaint, the disease found by pinyin initials, allergies and medicines."""
        self.page.fill("textarea[name=complaint]", complaint)
        self.search("input[name=q]", search, into="#diseases")
        self.page.locator("#diseases input[type=radio]").first.check()
        self.page.fill("input[name=allergies]", "无")
        self.page.fill("textarea[name=current_medicines]", "苯磺酸氨氯地平片 5 mg，每日 1 次")
        self.page.locator(".actionbar button").click()

    def prove_by_own_record(self) -> None:
        """The record that this hospital holds."""
        self.page.wait_for_url(re.compile("/proof/"))
        self.page.locator("input[name=own_record_id]").first.check()
        self.page.locator(".actionbar button").click()

    def prove_by_paper(self, paper: Path, *, diagnosed_on: str) -> None:
        """A photograph of a paper of a hospital."""
        self.page.wait_for_url(re.compile("/proof/"))
        self.page.locator("input[name=kind]").first.check()
        self.page.fill("input[name=hospital_name]", "演示市第二人民医院")
        self.page.fill("input[name=diagnosed_on]", diagnosed_on)
        self.page.set_input_files("input[name=files]", paper)
        self.page.locator(".actionbar button").click()

    def consent(self) -> None:
        """Read and sign."""
        self.page.wait_for_url(re.compile("/consent/"))
        self.page.check("input[name=agreed]")
        self.page.fill("input[name=signed_name]", self.name)
        self.page.locator(".actionbar button").click()
        self.page.wait_for_url(re.compile("/pay/B"))

    def see_shares(self) -> list[str]:
        """What fund, account and she pay, as the page says it."""
        self.page.wait_for_selector(".split__parts", timeout=SETTLES_WITHIN)
        return self.page.locator(".split__part dd").all_inner_texts()

    def pay(self) -> None:
        """At WeChat Pay's page, and back."""
        self.page.locator(".actionbar button.button--primary").click()
        self.page.locator("button[value=pay]").click()
        self.page.wait_for_url(re.compile("/pay/B"))

    def wait_until_settled(self) -> None:
        """The page follows by itself: nobody loads it again."""
        self.page.evaluate("window.stayed = true")
        self.page.wait_for_selector(".asked__mark--done", timeout=SETTLES_WITHIN)
        assert self.page.evaluate("window.stayed") is True, "the page was loaded again"

    def go_on(self) -> None:
        """To the next step."""
        self.page.locator(".actionbar button").click()

    def book(self, doctor: str, *, search: str = "gxy") -> str:
        """As far as the price, by her own record; returns the number of the visit."""
        self.choose_place(doctor)
        number = self.hold()
        self.describe(search=search)
        self.prove_by_own_record()
        self.consent()
        return number

    def book_and_pay(self, doctor: str, *, search: str = "gxy") -> str:
        """The whole way into the queue; returns the number of the visit."""
        number = self.book(doctor, search=search)
        self.see_shares()
        self.pay()
        self.wait_until_settled()
        return number

    def enter_room(self, number: str) -> None:
        """The waiting and consulting room."""
        self.page.goto(f"/visits/{number}/")

    def sees_the_end(self) -> None:
        """The room turns by itself into the page that tells how the visit went."""
        self.page.wait_for_selector("#track")
        self.page.wait_for_load_state("load")

    def say(self, text: str) -> None:
        """Write to the doctor."""
        self.page.fill("[data-chat-text]", text)
        self.page.keyboard.press("Enter")

    def hears(self, text: str) -> None:
        """A message of the other side arrives by itself."""
        expect(self.page.locator("[data-chat-list]")).to_contain_text(text)


class Staff(Person):
    """Somebody of the hospital at a desk."""

    def __init__(self, browser: Browser, stack: LiveStack, username: str, *, state: Any = None) -> None:
        """``username`` is the staff number."""
        super().__init__(browser, stack, width=1366, height=850, state=state)
        self.username = username

    def sign_in(self) -> None:
        """With number and password."""
        self.page.goto("/accounts/staff/")
        self.page.fill("input[name=username]", self.username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "/accounts/" not in url)


class Doctor(Staff):
    """At the workbench."""

    def open(self, number: str) -> None:
        """A visit of her queue."""
        self.page.goto(f"/clinic/{number}/")

    def post(self, verb: str, press: Callable[[], None]) -> None:
        """Press something that posts, and wait for the page afterwards."""
        with self.page.expect_navigation():
            press()
        self.page.wait_for_load_state("load")

    def begin(self) -> None:
        """Call the patient."""
        self.post("begin", self.page.locator("form[action$='/begin/'] button").click)

    def confirm_revisit(self) -> None:
        """Re-diagnosis: yes."""
        self.post("decide", self.page.locator("form[action$='/decide/'] button").click)

    def say(self, text: str) -> None:
        """Write to the patient."""
        self.page.fill("[data-chat-text]", text)
        self.page.press("[data-chat-text]", "Enter")

    def hears(self, text: str) -> None:
        """What the patient wrote arrives by itself."""
        expect(self.page.locator("[data-chat-list]")).to_contain_text(text)

    def write_record(self, *, search: str = "gxy") -> None:
        """The record, with a diagnosis found by pinyin initials."""
        self.search("#dx-term", search, into="#dx-list")
        self.page.locator("#dx-list [role=option]").first.click()
        for name, text in {
            "chief_complaint": "高血压 6 年，复诊续方。",
            "present_illness": "规律服药，早晨血压 130/82 左右，无头晕。",
            "past_history": "否认糖尿病。",
            "allergy_history": "无",
            "examination": "自测血压 130/82。",
            "plan": "续用氨氯地平，低盐饮食，四周后复诊。",
        }.items():
            self.page.fill(f"#record-form [name={name}]", text)
        self.post("record", self.page.locator("[data-signs]").click)

    def prescribe(self, *, search: str, days: str) -> None:
        """One drug, found by pinyin initials, as a long-term prescription; then sign."""
        self.page.locator("[data-tab=rx]").click()
        self.search("#rx-search", search, into="#rx-found")
        self.page.locator("#rx-found button.qitem").first.click()
        self.page.wait_for_selector("[name=days]")
        self.page.fill("[name=days]", days)
        with self.page.expect_response(re.compile("/lines/")):
            self.page.press("[name=days]", "Tab")
        self.tick("#rx-is_long_term")
        # 长期处方: all five must hold (P-09).
        expect(self.page.locator("#rx-options fieldset input")).to_have_count(5)
        for box in range(5):
            self.tick(f"#rx-options fieldset input >> nth={box}")
        if self.page.locator("[name=days_reason]:visible").count():
            self.page.fill("[name=days_reason]", "慢性病病情稳定，长期用药。")
            self.drawn_anew(lambda: self.page.press("[name=days_reason]", "Tab"))

    def tick(self, box: str) -> None:
        """Tick a box of the prescription's options, which keeps it at once."""
        self.drawn_anew(lambda: self.page.locator(box).check())
        expect(self.page.locator(box)).to_be_checked()

    def drawn_anew(self, act: Callable[[], None]) -> None:
        """Do something that is saved, and go on when the editor stands there as it was saved."""
        self.page.evaluate("document.getElementById('rx-editor').dataset.before = ''")
        act()
        self.page.wait_for_selector("#rx-editor:not([data-before])")

    def sign_prescription(self) -> None:
        """Send it to the pharmacist."""
        self.page.locator("form[action$='/submit/'] button").click()
        self.page.wait_for_selector("#rx-editor [data-live]")

    def finish(self) -> None:
        """End the visit well."""
        self.page.locator("[data-tab=end]").click()
        self.post("finish", self.page.locator("form[action$='/finish/'] button").click)

    def stop(self, code: str) -> None:
        """Stop the visit and send the patient offline."""
        self.page.locator(".panehead [data-opens=stop]").click()
        self.page.locator(f"#stop input[value={code}]").check()
        self.post("stop", self.page.locator("#stop button.button--danger").click)


class Pharmacist(Staff):
    """At the review."""

    def decide_to_pass(self) -> None:
        """Pass it."""
        with self.page.expect_navigation():
            self.page.locator("form[action$='/decide/'] button[value=pass]").click()
        self.page.wait_for_load_state("load")

    def open_of(self, number: str) -> None:
        """The prescription of a visit."""
        statement = "SELECT p.number FROM prescriptions_prescription p JOIN encounters_encounter e ON e.id = p.encounter_id WHERE e.number = %s AND p.state = 'submitted'"
        ((prescription,),) = self.stack.query(statement, number)
        self.page.goto("/pharmacy/")
        self.page.locator(f"a.qitem[href*='{prescription}']").first.click()
        self.page.wait_for_load_state("load")

    def return_with(self, code: str, reason: str) -> None:
        """Send it back to the doctor."""
        self.page.locator("details summary[data-key=r]").click()
        self.page.select_option("[name=reason_code]", code)
        self.page.fill("[name=reason]", reason)
        with self.page.expect_navigation():
            self.page.locator("form[action$='/decide/'] button[value=return]").click()
        self.page.wait_for_load_state("load")
