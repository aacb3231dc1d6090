"""Everybody of the journeys is sent home afterwards."""

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import books, hours
from tests.journeys.actors import APPEARS_WITHIN, Doctor, Patient, Person, Pharmacist, Staff
from tests.journeys.outside import Outside
from tests.live_stack import LiveStack

expect.set_options(timeout=APPEARS_WITHIN)

FAILED = pytest.StashKey[bool]()
PICTURES = Path("test-results")
ID_NUMBERS = ("330106195603089829", "330106197905209848")
ACCOUNT = "2.00"
"""Yuan in the accounts of 张秀英 and 王海燕 at the start of every journey: something is left for herself to pay."""
NAMES = {
    "13800000001": "张秀英",
    "13800000002": "张建国",
    "13800000003": "王海燕",
    "13800000004": "赵志强",
    "13800000005": "陈静",
}
"""The demonstration's patients, who sign with these names."""

AnyStaff = TypeVar("AnyStaff", bound=Staff)
PatientCalled = Callable[[str], Patient]


class StaffCalled(Protocol):
    """Brings in a member of staff as the actor that is asked for."""

    def __call__(self, role: type[AnyStaff], username: str, /) -> AnyStaff:
        """Signed in."""
        ...


@pytest.fixture
def outside(live_stack: LiveStack) -> Outside:
    """Insurer, WeChat Pay and text messages; without faults at the start."""
    world = Outside(live_stack.simulators_url)
    world.behave()
    for id_number in ID_NUMBERS:
        world.account_holds(id_number, ACCOUNT)
    return world


@pytest.fixture
def people(request: pytest.FixtureRequest, live_stack: LiveStack, outside: Outside) -> Iterator[list[Person]]:
    """Who takes part; none of them has a visit from another journey, and all of them have the day before them."""
    hours.wait_for_a_day()
    books.nobody_is_booked(live_stack)
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


@pytest.fixture(scope="session")
def signed_in() -> dict[str, Any]:
    """Cookies of people who have signed in before: each does it once."""
    return {}


@pytest.fixture
def patient_called(
    browser: Browser, live_stack: LiveStack, people: list[Person], signed_in: dict[str, Any]
) -> PatientCalled:
    """Bring a patient in by her mobile number, signed in on her phone."""

    def come(mobile: str) -> Patient:
        made = Patient(browser, live_stack, mobile, NAMES[mobile], state=signed_in.get(mobile))
        people.append(made)
        if mobile not in signed_in:
            made.sign_in()
            signed_in[mobile] = made.context.storage_state()
        return made

    return come


@pytest.fixture
def staff_called(
    browser: Browser, live_stack: LiveStack, people: list[Person], signed_in: dict[str, Any]
) -> StaffCalled:
    """Bring a member of staff in by the staff number, signed in at a desk."""

    def come(role: type[AnyStaff], username: str) -> AnyStaff:
        made = role(browser, live_stack, username, state=signed_in.get(username))
        people.append(made)
        if username not in signed_in:
            made.sign_in()
            signed_in[username] = made.context.storage_state()
        return made

    return come


@pytest.fixture
def patient(patient_called: PatientCalled) -> Patient:
    """张秀英, insured as a retired employee, signed in on her phone."""
    return patient_called("13800000001")


@pytest.fixture
def doctor(staff_called: StaffCalled) -> Doctor:
    """林致远 of cardiology at his workbench."""
    return staff_called(Doctor, "doctor01")


@pytest.fixture
def pharmacist(staff_called: StaffCalled) -> Pharmacist:
    """何静 at the review."""
    return staff_called(Pharmacist, "pharmacist01")
