"""Trades of a merchant that uses the unmodified SDK."""

import pytest
from alipay import AliPay

from tests.verification.notified import number
from tests.verification.simulators import Simulators


@pytest.fixture
def sdk(alipay_sdk: AliPay) -> AliPay:
    """The merchant's SDK, which has verified every answer it returns."""
    return alipay_sdk


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
