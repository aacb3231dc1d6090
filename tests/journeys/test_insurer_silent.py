"""The insurer does not answer, or the worker dies while it is asked: settled exactly once all the same."""

import pytest
from playwright.sync_api import expect

from tests.journeys import books
from tests.journeys.actors import Patient
from tests.journeys.conftest import PatientCalled
from tests.journeys.outside import Outside
from tests.live_stack import LiveStack

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

SETTLE = "2207A"


def test_the_insurer_is_silent_at_settlement_and_settles_once_afterwards(
    patient_called: PatientCalled, live_stack: LiveStack, outside: Outside
) -> None:
    patient = patient_called("13800000003")
    number = patient.book("陈立", search="2xtnb")
    patient.see_shares()
    # The first time it is away, the second time it settles and says nothing: she must not be charged twice.
    outside.insurer_goes_wrong(SETTLE, "http_502")
    outside.insurer_goes_wrong(SETTLE, "http_502_after_commit")
    patient.pay()
    being_confirmed(patient)
    bill = patient.page.url
    patient.page.goto("/")  # she leaves, as the page says she may
    patient.page.goto(bill)
    patient.wait_until_settled()
    assert outside.faults_left() == 0, "both faults were met"
    settled_once(number, live_stack, outside)


def test_the_worker_is_killed_in_the_middle_of_a_settlement_and_settles_once(
    patient_called: PatientCalled, live_stack: LiveStack, outside: Outside
) -> None:
    patient = patient_called("13800000003")
    number = patient.book("孙悦", search="2xtnb")
    patient.see_shares()
    outside.insurer_goes_wrong(SETTLE, "silent_after_commit", seconds=25)
    patient.pay()
    patient.wait_for(lambda: outside.faults_left() == 0, "the insurer to be asked")
    visit = books.visit_at_insurer(live_stack, number)
    patient.wait_for(lambda: outside.settlements(visit) == [(1, "10.00")], "the insurer to settle")
    live_stack.kill_worker()
    assert books.settlements(live_stack, number) == [], "the worker died before it had the answer"
    being_confirmed(patient)
    live_stack.start_worker()
    patient.wait_until_settled()
    settled_once(number, live_stack, outside)


def being_confirmed(patient: Patient) -> None:
    """The page says that it waits, and that she may leave and need not pay again."""
    page = patient.page.locator("main")
    for sentence in (
        "Settlement being confirmed",
        "You may leave this page; it goes on by itself.",
        "Please do not pay again.",
    ):
        expect(page).to_contain_text(books.words(sentence))


def settled_once(number: str, stack: LiveStack, outside: Outside) -> None:
    """Exactly one settlement there and one here, and one payment."""
    assert outside.settlements(books.visit_at_insurer(stack, number)) == [(1, "10.00")]
    assert books.settlements(stack, number) == [False]
    ((order, state),) = books.orders(stack, number)
    assert (state, outside.orders(order)) == ("paid", ["SUCCESS"])
