"""Simulators, started once for all verification tests, with no fault set at the start of each test."""

from collections.abc import Iterator

import pytest

from tests.verification.simulators import Simulators, running


@pytest.fixture(scope="session")
def running_simulators(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulators]:
    """The process itself; tests take ``simulators``."""
    with running(tmp_path_factory.mktemp("simulators")) as started:
        yield started


@pytest.fixture
def simulators(running_simulators: Simulators) -> Iterator[Simulators]:
    """Running simulators. Faults left by a test are removed after it, which also ends its silences."""
    yield running_simulators
    for name in ("wechatpay", "identity", "sms"):
        running_simulators.control(name, "reset")
