"""Inside WeChat: she presses once, WeChat says who she is, and its cashier opens; whatever goes wrong is told with a way on."""

import html
import logging
import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.test import Client
from pytest_django import Settings

from checkout.models import Checkout
from kernel import clock
from payments.gateway import channel
from payments.models import PaymentOrder
from tests.integration.checkout.test_pay_page import (
    DESKTOP,
    IN_WECHAT,
    browser,
    checkout,
    orders,
    page,
    press,
)
from tests.verification.simulators import Simulators

__all__ = ["browser", "checkout"]
SOMEBODY = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"
"""The simulated WeChat knows one person."""
HEADERS = {"User-Agent": IN_WECHAT}


def sent_to_wechat(browser: Client, checkout: Checkout) -> str:
    """She presses; the address at WeChat that her browser is sent to."""
    return str(press(browser, checkout, IN_WECHAT, way="wechat").headers["Location"])


def brought_back(address: str) -> str:
    """WeChat sends her browser back; path and query at our place."""
    answer = httpx.get(address, headers=HEADERS)
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"


def come_back(browser: Client, address: str) -> Any:
    return browser.get(address, headers=HEADERS)


def said(browser: Client, answer: Any) -> str:
    """The page that she is led to."""
    return html.unescape(browser.get(answer.headers["Location"], headers=HEADERS).text)


def test_she_presses_once_and_wechats_cashier_opens(
    checkout: Checkout,
    browser: Client,
    simulators: Simulators,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.SIMULATORS_URL = simulators.url
    caplog.set_level(logging.INFO)

    address = sent_to_wechat(browser, checkout)
    assert orders(checkout) == []
    back = brought_back(address)
    answer = come_back(browser, back)

    assert orders(checkout) == [("wechat", "jsapi", "placed")]
    order = PaymentOrder.objects.get()
    [there] = simulators.holdings("wechatpay", out_trade_no=order.number)["orders"]
    assert there["prepay_id"] == order.cashier_url
    assert order.payer_id == "", "kept no longer than it is needed"
    shown = said(browser, answer)
    assert "data-bridge-opens" in shown
    (bridge,) = re.findall(r'href="([^"]*/bridge/[^"]*)"', shown)
    assert "/cashier/" in httpx.get(bridge).headers["Location"]
    assert "data-bridge-opens" not in page(browser, checkout, IN_WECHAT), "once only"
    (code,) = parse_qs(urlsplit(back).query)["code"]
    for secret in (SOMEBODY, code, settings.WECHATPAY_APP_SECRET):
        assert secret not in caplog.text


def test_a_way_back_serves_once_and_twice_is_no_reason_to_worry(checkout: Checkout, browser: Client) -> None:
    back = brought_back(sent_to_wechat(browser, checkout))
    come_back(browser, back)

    again = come_back(browser, back)

    assert "was begun elsewhere" not in said(browser, again)
    assert len(orders(checkout)) == 1
    assert sent_to_wechat(browser, checkout).startswith("/pay/"), (
        "who is known already is not sent there again"
    )


def test_a_way_back_that_was_not_begun_here_pays_nothing(
    checkout: Checkout, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(back: str, **of_session: object) -> None:
        session = browser.session
        session["wechat_sign_in"] = session["wechat_sign_in"] | of_session
        session.save()
        shown = said(browser, come_back(browser, back))
        assert "This way back from WeChat is too old, or was begun elsewhere. Nothing was charged." in shown
        assert orders(checkout) == []
        assert "wechat_openid" not in browser.session

    def left() -> str:
        return brought_back(sent_to_wechat(browser, checkout))

    refused(re.sub("state=[0-9a-f]+", f"state={'0' * 32}", left()))
    refused(re.sub("state=[0-9a-f]+", "state=", left()))
    refused(left(), bill="B0")
    refused(left(), until=clock.now().timestamp())
    back = left()
    other = Client()
    other.force_login(checkout.bill.encounter.patient.guardianships.get().user)
    assert "/pay/" in come_back(other, back).headers["Location"]
    assert orders(checkout) == [], "another session of hers did not begin it"


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"kind": "code_refused"}, "WeChat's answer was too old or used already. Nothing was charged."),
        ({"kind": "server_error", "verb": "sign_in"}, "there you can also pay with Alipay"),
    ],
)
def test_what_wechat_does_not_say_is_told_with_a_way_on(
    checkout: Checkout, browser: Client, simulators: Simulators, fault: dict[str, str], told: str
) -> None:
    back = brought_back(sent_to_wechat(browser, checkout))
    simulators.control("wechatpay", "faults", **fault)

    answer = come_back(browser, back)

    shown = said(browser, answer)
    assert told in shown
    assert 'name="way" value="wechat"' in shown, "she can press again"
    assert orders(checkout) == []


def test_silence_is_waited_for_no_longer_than_the_time_out(
    checkout: Checkout, browser: Client, simulators: Simulators, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = sent_to_wechat(browser, checkout)
    back = brought_back(address)
    simulators.control("wechatpay", "faults", kind="silent_before", verb="sign_in", seconds=5)
    monkeypatch.setattr(channel.wechat_sign_in()._http, "timeout", httpx.Timeout(0.3))

    answer = come_back(browser, back)

    assert "WeChat did not say who is paying. Nothing was charged." in said(browser, answer)


def test_an_account_that_wechat_does_not_know_leads_to_another_browser_and_is_logged(
    checkout: Checkout, browser: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.WECHATPAY_APP_SECRET = "not-the-secret"
    back = brought_back(sent_to_wechat(browser, checkout))

    answer = come_back(browser, back)

    assert "Please open this page in your phone's browser and pay there." in said(browser, answer)
    assert "40125" in caplog.text
    assert "not-the-secret" not in caplog.text


def test_without_the_accounts_secret_paying_inside_wechat_is_not_offered(
    checkout: Checkout, browser: Client, settings: Settings
) -> None:
    settings.WECHATPAY_APP_SECRET = ""

    shown = page(browser, checkout, IN_WECHAT)

    assert 'name="way"' not in shown
    assert "This browser opens no way to pay. Please use another one" in shown


def test_after_the_time_to_pay_nobody_is_sent_to_wechat(checkout: Checkout, browser: Client) -> None:
    Checkout.objects.update(pay_by=clock.now() - timedelta(seconds=1))

    assert sent_to_wechat(browser, checkout).startswith("/pay/")


def test_opened_inside_wechat_and_looked_at_elsewhere_it_says_where_to_pay_and_offers_other_ways(
    checkout: Checkout, browser: Client
) -> None:
    come_back(browser, brought_back(sent_to_wechat(browser, checkout)))

    shown = page(browser, checkout, DESKTOP)

    assert "data-bridge" not in shown
    assert "Pay in WeChat Pay; this page notices it by itself." in shown
    assert "Pay in the way that suits this device" in shown
