"""A person at the simulated cashier of Alipay."""

import httpx
import pytest
from alipay import AliPay
from playwright.sync_api import Page, expect

from tests.accessibility import assert_accessible
from tests.verification.notified import number
from tests.verification.simulators import Simulators

BACK = "http://127.0.0.1:8000/checkouts/7/"


def cashier_of(sdk: AliPay, trade: str, **content: str) -> str:
    """The address a phone's browser ends at."""
    signed = sdk.api_alipay_trade_wap_pay("药费", trade, "65.80", return_url=BACK, **content)
    return str(httpx.get(f"{sdk._gateway}?{signed}", follow_redirects=True).url)


def status(sdk: AliPay, trade: str) -> str:
    """Where a trade stands."""
    return str(sdk.api_alipay_trade_query(out_trade_no=trade)["trade_status"])


@pytest.fixture
def trade() -> str:
    """A number of its own."""
    return number()


def test_it_shows_the_merchant_the_thing_and_the_amount_in_both_languages(sdk: AliPay, trade: str) -> None:
    page = httpx.get(cashier_of(sdk, trade)).text

    for words in ("演示市第一人民医院", "药费", "65.80", "模拟收银台", "拒绝", "Refuse", "支付宝", "Alipay"):
        assert words in page


def test_refusing_pays_nothing_and_goes_where_the_merchant_said(sdk: AliPay, trade: str) -> None:
    answer = httpx.post(cashier_of(sdk, trade, quit_url=f"{BACK}quit/"), data={"choice": "refuse"})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{BACK}quit/")
    assert status(sdk, trade) == "WAIT_BUYER_PAY"


def test_refusing_without_such_a_place_stays_and_offers_the_way_back(sdk: AliPay, trade: str) -> None:
    answer = httpx.post(cashier_of(sdk, trade), data={"choice": "refuse"})

    assert "未支付，可以重新支付" in answer.text
    assert f'href="{BACK}"' in answer.text


def test_tapping_pay_twice_pays_once(sdk: AliPay, trade: str, simulators: Simulators) -> None:
    cashier = cashier_of(sdk, trade)
    taps = [httpx.post(cashier, data={"choice": "pay"}) for _ in range(2)]

    assert [tap.status_code for tap in taps] == [303, 303]
    assert len(simulators.holdings("alipay", out_trade_no=trade)["notifications"]) == 1


def test_a_trade_closed_by_the_merchant_cannot_be_paid_on_an_open_page(sdk: AliPay, trade: str) -> None:
    cashier = cashier_of(sdk, trade)
    sdk.api_alipay_trade_close(out_trade_no=trade)

    answer = httpx.post(cashier, data={"choice": "pay"})

    assert "商户已关闭这笔订单" in answer.text
    assert status(sdk, trade) == "TRADE_CLOSED"


def test_scanning_a_code_opens_its_cashier_and_makes_the_trade(
    sdk: AliPay, trade: str, simulators: Simulators
) -> None:
    code = sdk.api_alipay_trade_precreate("诊查费", trade, "7.00")["qr_code"]

    scanned = httpx.get(
        f"{simulators.url}/alipay/scan/",
        params={"qr_code": code, "redirect_url": BACK},
        follow_redirects=True,
    )

    assert status(sdk, trade) == "WAIT_BUYER_PAY"
    assert httpx.post(str(scanned.url), data={"choice": "pay"}).headers["Location"] == BACK
    assert status(sdk, trade) == "TRADE_SUCCESS"


def test_scanning_something_else_says_so_and_keeps_what_was_typed(simulators: Simulators) -> None:
    answer = httpx.get(f"{simulators.url}/alipay/scan/", params={"qr_code": "https://qr.alipay.com/no"})

    assert answer.status_code == 404
    assert "没有这个码对应的订单" in answer.text
    assert "https://qr.alipay.com/no" in answer.text


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//elsewhere.example/"])
def test_nobody_is_sent_to_what_is_not_a_web_address(
    sdk: AliPay, trade: str, simulators: Simulators, address: str
) -> None:
    code = sdk.api_alipay_trade_precreate("诊查费", trade, "7.00")["qr_code"]
    cashier = httpx.get(
        f"{simulators.url}/alipay/scan/",
        params={"qr_code": code, "redirect_url": address},
        follow_redirects=True,
    )

    answer = httpx.post(str(cashier.url), data={"choice": "pay"})

    assert answer.status_code == 200
    assert address not in answer.text


def test_the_page_runs_nothing_and_loads_nothing_from_elsewhere(sdk: AliPay, trade: str) -> None:
    answer = httpx.get(cashier_of(sdk, trade))

    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
    for forbidden in ("<script", "style=", "onclick", "https://"):
        assert forbidden not in answer.text


def test_everybody_can_use_it_on_a_phone_and_at_a_desk(sdk: AliPay, trade: str, page: Page) -> None:
    page.goto(cashier_of(sdk, trade))
    assert_accessible(page)

    page.get_by_role("button", name="拒绝").click()
    expect(page.get_by_role("status")).to_contain_text("未支付，可以重新支付")
    assert_accessible(page)


def test_the_control_page_shows_what_is_held(sdk: AliPay, trade: str, simulators: Simulators) -> None:
    sdk.api_alipay_trade_precreate("诊查费", trade, "7.00")

    page = httpx.get(f"{simulators.url}/alipay/control/").text

    assert trade in page
    assert "尚未扫码" in page
