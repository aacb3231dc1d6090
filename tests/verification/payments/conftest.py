"""Our client of WeChat Pay, and an order for it."""

from collections.abc import Iterator

import pytest

from payments.gateway.client import WeChatPayClient, WeChatPayConfig
from payments.gateway.messages import OrderRequest
from simulators import keys
from tests.verification.notified import NotifyAddress, number
from tests.verification.simulators import Simulators


def config_for(simulators: Simulators, *, read_timeout_seconds: float = 8.0) -> WeChatPayConfig:
    """The account of the demonstration, as the product is given it."""
    made, given = simulators.keys, simulators.keys.settings
    return WeChatPayConfig(
        base_url=f"{simulators.url}/wechatpay",
        mchid=given["WECHATPAY_MCHID"],
        appid=given["WECHATPAY_APPID"],
        merchant_serial=given["WECHATPAY_SERIAL"],
        merchant_private_key=made.pem(keys.MERCHANT_KEY),
        apiv3_key=given["WECHATPAY_APIV3_KEY"].encode(),
        public_key_id=given["WECHATPAY_PUBLIC_KEY_ID"],
        platform_public_keys={given["WECHATPAY_PUBLIC_KEY_ID"]: made.pem(keys.PUBLIC_KEY)},
        read_timeout_seconds=read_timeout_seconds,
    )


@pytest.fixture(scope="session")
def client(running_simulators: Simulators) -> Iterator[WeChatPayClient]:
    """Our client, in public-key mode."""
    opened = WeChatPayClient(config_for(running_simulators))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def impatient_client(running_simulators: Simulators) -> Iterator[WeChatPayClient]:
    """Our client, waiting half a second for an answer."""
    opened = WeChatPayClient(config_for(running_simulators, read_timeout_seconds=0.5))
    yield opened
    opened.close()


@pytest.fixture
def order(notified: NotifyAddress) -> OrderRequest:
    """A consultation fee of seven yuan, not yet asked for."""
    return OrderRequest(
        out_trade_no=number(), description="网络复诊诊查费", amount_fen=700, notify_url=notified.url
    )
