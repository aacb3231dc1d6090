"""Inside WeChat: one press, WeChat says who she is, its cashier opens over the page; she refuses once and then pays."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import books
from tests.journeys.actors import APPEARS_WITHIN, PHONE, SETTLES_WITHIN, Patient
from tests.live_stack import LiveStack

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

OWN_BILL = "from tests.journeys.paid_visits import open_uninsured; open_uninsured(1)"
ORDERS = "SELECT o.scene, o.state, o.payer_id FROM payments_paymentorder o JOIN billing_bill b ON b.id = o.bill_id WHERE b.number = %s"
BRIDGE = (
    "window.WeixinJSBridge = { invoke: (name, fields, done) => { window.asked = { name, fields, done }; } };"
)
"""What WeChat's browser gives to each page, as far as ours uses it; the test plays WeChat's part."""


@pytest.fixture
def page(patient: Patient, live_stack: LiveStack) -> Iterator[Page]:
    """WeChat's own browser on her phone, where she is signed in to the hospital."""
    assert patient.context.browser
    context = patient.context.browser.new_context(
        viewport={"width": 390, "height": 844},
        user_agent=f"{PHONE} MicroMessenger/8.0.50",
        storage_state=patient.context.storage_state(),
        base_url=live_stack.url,
    )
    context.add_init_script(BRIDGE)
    made = context.new_page()
    made.set_default_timeout(APPEARS_WITHIN)
    yield made
    made.goto("about:blank")
    context.close()


def handed_over(page: Page) -> dict[str, Any]:
    """What the page hands to WeChat's bridge, by itself or when she presses."""
    page.wait_for_function("window.asked")
    assert page.evaluate("window.asked.name") == "getBrandWCPayRequest"
    return dict(page.evaluate("window.asked.fields"))


def choose(page: Page, cashier_of: str, choice: str) -> None:
    """At WeChat's cashier, which stands over the page; then WeChat tells the page that it is closed."""
    cashier = page.context.new_page()
    cashier.goto(cashier_of)
    cashier.locator(f"button[value={choice}]").click()
    cashier.wait_for_selector("p.note")
    cashier.close()
    word = {"pay": "ok", "refuse": "cancel"}[choice]
    page.evaluate(f"window.asked.done({{ err_msg: 'get_brand_wcpay_request:{word}' }})")
    page.wait_for_url(re.compile(r"/pay/B[\d-]+/\?returned=1"))


def test_she_pays_inside_wechat(page: Page, live_stack: LiveStack) -> None:
    bill = live_stack.manage("shell", "-c", OWN_BILL).split()[-1]
    bridge = f"{live_stack.simulators_url}/wechatpay/bridge/?"

    page.goto(f"/pay/{bill}/")
    assert page.locator(".actionbar button[name=way]").count() == 1
    page.locator(".actionbar button[value=wechat]").click()
    choose(page, bridge + urlencode(handed_over(page)), "refuse")
    expect(page.locator("main")).to_contain_text(books.words("Looking for your payment"))

    page.locator(".actionbar [data-bridge]").click()
    choose(page, bridge + urlencode(handed_over(page)), "pay")

    page.wait_for_selector(".asked__mark--done", timeout=SETTLES_WITHIN)
    assert live_stack.query(ORDERS, bill) == [("jsapi", "paid", "")]
