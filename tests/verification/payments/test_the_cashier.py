"""A person at the simulated cashier."""

import httpx
import pytest

from payments.gateway.client import WeChatPayClient
from payments.gateway.messages import OrderRequest, TradeState, with_return_address
from tests.verification.simulators import Simulators

BACK = "http://127.0.0.1:8000/checkouts/7/"


@pytest.fixture
def cashier(client: WeChatPayClient, order: OrderRequest) -> str:
    """The address an H5 payer is sent to."""
    return with_return_address(client.place_h5_order(order), BACK)


def test_it_shows_the_merchant_the_thing_and_the_amount_and_says_what_it_is(cashier: str) -> None:
    page = httpx.get(cashier).text

    for words in (
        "演示市第一人民医院",
        "网络复诊诊查费",
        "7.00",
        "模拟收银台",
        "Simulator",
        "不付了",
        "Refuse",
    ):
        assert words in page


def test_paying_pays_and_goes_back(cashier: str, client: WeChatPayClient, order: OrderRequest) -> None:
    answer = httpx.post(cashier, data={"choice": "pay"})

    assert (answer.status_code, answer.headers["Location"]) == (303, BACK)
    assert client.query_order(order.out_trade_no).trade_state is TradeState.SUCCESS


def test_refusing_pays_nothing_and_goes_back(
    cashier: str, client: WeChatPayClient, order: OrderRequest
) -> None:
    answer = httpx.post(cashier, data={"choice": "refuse"})

    assert (answer.status_code, answer.headers["Location"]) == (303, BACK)
    assert client.query_order(order.out_trade_no).trade_state is TradeState.NOTPAY


def test_tapping_pay_twice_pays_once(
    cashier: str, simulators: Simulators, client: WeChatPayClient, order: OrderRequest
) -> None:
    httpx.post(cashier, data={"choice": "pay"})
    first = client.query_order(order.out_trade_no)
    httpx.post(cashier, data={"choice": "pay"})

    assert client.query_order(order.out_trade_no) == first
    held = simulators.holdings("wechatpay", out_trade_no=order.out_trade_no)
    assert len(held["notifications"]) == 1


def test_when_the_time_is_over_nothing_can_be_paid(
    cashier: str, simulators: Simulators, client: WeChatPayClient, order: OrderRequest
) -> None:
    simulators.control("wechatpay", "expire", out_trade_no=order.out_trade_no)

    answer = httpx.post(cashier, data={"choice": "pay"})

    assert "支付时间已过" in answer.text
    assert client.query_order(order.out_trade_no).trade_state is TradeState.NOTPAY


def test_scanning_a_native_code_opens_its_cashier(
    simulators: Simulators, client: WeChatPayClient, order: OrderRequest
) -> None:
    code_url = client.place_native_order(order)

    scanned = httpx.get(
        f"{simulators.url}/wechatpay/scan/",
        params={"code_url": code_url, "redirect_url": BACK},
        follow_redirects=True,
    )

    assert order.out_trade_no in scanned.text
    assert httpx.post(str(scanned.url), data={"choice": "pay"}).headers["Location"] == BACK


def test_scanning_something_else_says_so_and_keeps_what_was_typed(simulators: Simulators) -> None:
    answer = httpx.get(f"{simulators.url}/wechatpay/scan/", params={"code_url": "weixin://wxpay/x?pr=0"})

    assert answer.status_code == 404
    assert "没有这个码对应的订单" in answer.text
    assert "weixin://wxpay/x?pr=0" in answer.text


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//elsewhere.example/"])
def test_nobody_is_sent_to_what_is_not_a_web_address(
    client: WeChatPayClient, order: OrderRequest, address: str
) -> None:
    cashier = with_return_address(client.place_h5_order(order), address)

    answer = httpx.post(cashier, data={"choice": "pay"})

    assert answer.status_code == 200
    assert address not in answer.text


def test_the_page_runs_nothing_and_loads_nothing_from_elsewhere(cashier: str) -> None:
    answer = httpx.get(cashier)

    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
    for forbidden in ("<script", "style=", "onclick", "https://"):
        assert forbidden not in answer.text
