"""Everybody of the journeys is sent home afterwards."""

from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from tests.journeys.actors import Doctor, Patient, Person, Pharmacist
from tests.live_stack import LiveStack

FAILED = pytest.StashKey[bool]()
PICTURES = Path("test-results")


@pytest.fixture
def people(request: pytest.FixtureRequest, live_stack: LiveStack) -> Iterator[list[Person]]:
    """Who takes part; the outside world has no faults at the start."""
    for name in ("insurer", "wechatpay", "identity", "sms"):
        verb = "clear_faults" if name == "insurer" else "reset"
        httpx.post(f"{live_stack.simulators_url}/{name}/control/{verb}/", json={}, timeout=30)
    # The rate of codes is tested elsewhere; the journeys sign the same people in again and again.
    live_stack.manage("shell", "-c", "from django.core.cache import cache; cache.clear()")
    present: list[Person] = []
    yield present
    if request.node.stash.get(FAILED, False):
        for number, person in enumerate(present):
            person.page.screenshot(path=PICTURES / f"{request.node.name.split('[')[0]}-{number}.png")
            person.context.close()
        return
    for person in present:
        person.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember a failure, so that pictures of it are kept."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def patient(browser: Browser, live_stack: LiveStack, people: list[Person]) -> Patient:
    """张秀英, insured as a retired employee, signed in on her phone."""
    made = Patient(browser, live_stack, "13800000001", "张秀英")
    people.append(made)
    made.sign_in()
    return made


@pytest.fixture
def doctor(browser: Browser, live_stack: LiveStack, people: list[Person]) -> Doctor:
    """林致远 of cardiology at his workbench."""
    made = Doctor(browser, live_stack, "doctor01")
    people.append(made)
    return made


@pytest.fixture
def pharmacist(browser: Browser, live_stack: LiveStack, people: list[Person]) -> Pharmacist:
    """何静 at the review."""
    made = Pharmacist(browser, live_stack, "pharmacist01")
    people.append(made)
    return made


@pytest.fixture
def control(live_stack: LiveStack) -> Callable[..., None]:
    """Order a fault of a simulator."""

    def order(simulator: str, verb: str, **fields: object) -> None:
        answer = httpx.post(f"{live_stack.simulators_url}/{simulator}/control/{verb}/", json=fields, timeout=30)
        assert answer.is_success, answer.text

    return order
