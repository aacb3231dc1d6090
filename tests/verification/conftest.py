"""Simulators with no fault set at the start of each test, and a merchant with the unmodified SDK of Alipay."""

import copy
from collections.abc import Iterator

import pytest
from alipay import AliPay
from alipay.utils import AliPayConfig

from simulators import keys
from tests.verification.notified import NotifyAddress, listening
from tests.verification.simulators import Simulators


@pytest.fixture
def simulators(running_simulators: Simulators) -> Iterator[Simulators]:
    """Running simulators. Faults left by a test are removed after it, which also ends its silences."""
    yield running_simulators
    for name in ("wechatpay", "alipay", "identity", "sms"):
        running_simulators.control(name, "reset")


@pytest.fixture
def notified() -> Iterator[NotifyAddress]:
    """A listening merchant."""
    with listening() as address:
        yield address


@pytest.fixture(scope="session")
def alipay_merchant(running_simulators: Simulators) -> AliPay:
    """``python-alipay-sdk``; only the address of the gateway is set, no code of it is replaced."""
    made = running_simulators.keys
    merchant = AliPay(
        appid=made.settings["ALIPAY_APP_ID"],
        app_private_key_string=made.pem(keys.ALIPAY_APP_KEY).decode(),
        alipay_public_key_string=made.pem(keys.ALIPAY_PUBLIC_KEY).decode(),
        sign_type="RSA2",
    )
    merchant._gateway = f"{running_simulators.url}/alipay/gateway.do"
    return merchant


@pytest.fixture
def alipay_sdk(alipay_merchant: AliPay, simulators: Simulators, notified: NotifyAddress) -> AliPay:
    """The same for one test, which is told where it listens and may change it; reading keys is dear."""
    own = copy.copy(alipay_merchant)
    own._app_notify_url = notified.url
    own._config = AliPayConfig()
    return own
