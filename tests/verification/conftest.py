"""Simulators with no fault set at the start of each test."""

from collections.abc import Iterator

import pytest

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
