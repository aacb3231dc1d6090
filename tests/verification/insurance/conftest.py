"""The insurer's simulator and the product's client, over real HTTP."""

from collections.abc import Callable, Iterator

import pytest

from insurance.gateway.client import InsuranceClient
from tests.verification.insurance.visiting import Hospital, client_for
from tests.verification.simulators import Simulators


@pytest.fixture
def insurer(running_simulators: Simulators) -> Iterator[Simulators]:
    """The insurer as on its first day: demo people only, no fault."""
    running_simulators.control("insurer", "reset")
    yield running_simulators
    running_simulators.control("insurer", "reset")


@pytest.fixture
def client(insurer: Simulators) -> Iterator[InsuranceClient]:
    """A client that waits 1.5 seconds for an answer."""
    made = client_for(insurer)
    yield made
    made.close()


@pytest.fixture
def hospital(insurer: Simulators, client: InsuranceClient) -> Hospital:
    """A hospital that has a visit to settle."""
    return Hospital(insurer, client)


@pytest.fixture
def fault(insurer: Simulators) -> Callable[..., None]:
    """Order a fault: ``fault("2207A", "silent_after_commit", delay_seconds=2)``."""

    def order(infno: str, kind: str, **more: object) -> None:
        insurer.control("insurer", "faults", infno=infno, kind=kind, **more)

    return order
