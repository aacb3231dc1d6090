"""The unmodified SDK of a merchant, and the trades it makes."""

import pytest
from alipay import AliPay

from simulators import keys
from tests.verification.notified import NotifyAddress, number
from tests.verification.simulators import Simulators


@pytest.fixture
def sdk(simulators: Simulators, notified: NotifyAddress) -> AliPay:
    """``python-alipay-sdk``; only the address of the gateway is set, no code of it is replaced."""
    made = simulators.keys
    merchant = AliPay(
        appid=made.settings["ALIPAY_APP_ID"],
        app_notify_url=notified.url,
        app_private_key_string=made.pem(keys.ALIPAY_APP_KEY).decode(),
        alipay_public_key_string=made.pem(keys.ALIPAY_PUBLIC_KEY).decode(),
        sign_type="RSA2",
    )
    merchant._gateway = f"{simulators.url}/alipay/gateway.do"
    return merchant


@pytest.fixture
def precreated(sdk: AliPay) -> str:
    """A trade of seven yuan, of which only the code exists."""
    out_trade_no = number("XL")
    answer = sdk.api_alipay_trade_precreate("网络复诊诊查费", out_trade_no, "7.00")
    assert answer["code"] == "10000"
    return out_trade_no


@pytest.fixture
def paid(simulators: Simulators, precreated: str) -> str:
    """The same, paid."""
    simulators.control("alipay", "pay", out_trade_no=precreated)
    return precreated
