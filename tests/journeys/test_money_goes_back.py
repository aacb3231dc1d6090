"""The doctor stops the visit, or never comes: insurance part and cash part go back by themselves."""

import pytest
from playwright.sync_api import expect

from tests.journeys import books
from tests.journeys.actors import SETTLES_WITHIN, Doctor, Patient
from tests.journeys.conftest import PatientCalled, StaffCalled
from tests.journeys.outside import Outside
from tests.live_stack import LiveStack

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]


def test_the_doctor_stops_the_visit_and_everything_goes_back(
    patient_called: PatientCalled, staff_called: StaffCalled, live_stack: LiveStack, outside: Outside
) -> None:
    patient = patient_called("13800000003")  # 王海燕, employee; her diabetes record is 30 days old
    number = patient.book_and_pay("周敏", search="2xtnb")
    patient.enter_room(number)
    patient.page.evaluate("window.stayed = true")

    doctor = staff_called(Doctor, "doctor02")
    doctor.open(number)
    doctor.begin()
    doctor.stop("condition_changed")

    everything_came_back(patient, number, live_stack, outside)
    assert books.state_of_visit(live_stack, number) == "stopped"
    reason = books.words("Your condition has changed; a doctor has to see you.")
    expect(patient.page.locator("main")).to_contain_text(reason)
    told(patient, number, outside, "visit_stopped", "money_back")


def test_the_doctor_never_comes_and_everything_goes_back(
    patient_called: PatientCalled, live_stack: LiveStack, outside: Outside
) -> None:
    patient = patient_called("13800000001")
    number = patient.book_and_pay("周敏")
    patient.enter_room(number)
    live_stack.manage("shell", "-c", A_DAY_LATER.format(number=number))
    everything_came_back(patient, number, live_stack, outside)
    assert books.state_of_visit(live_stack, number) == "missed"
    told(patient, number, outside, "visit_missed", "money_back")


A_DAY_LATER = """
from datetime import timedelta
from consultations.models import Revisit, Slot
from consultations.tasks import close_missed, open_slots
slot, back = Revisit.objects.get(encounter__number="{number}").slot, timedelta(days=1, minutes=7)
Slot.objects.filter(pk=slot.pk).update(starts_at=slot.starts_at - back, ends_at=slot.ends_at - back)
close_missed()
open_slots()
"""
"""The slot moves into yesterday, seven minutes beside that day's own slots; then what the clock runs every minute,
and what gives today its slot again."""


def everything_came_back(patient: Patient, number: str, stack: LiveStack, outside: Outside) -> None:
    """The room turns into the page of the ended visit by itself; each part went back exactly once."""
    back = books.words("Your money is back: insurance part and cash part.")
    expect(patient.page.locator("main")).to_contain_text(back, timeout=SETTLES_WITHIN)
    records = outside.settlements(books.visit_at_insurer(stack, number))
    assert records == [(1, "10.00"), (-1, "-10.00")], "one settlement, and one that takes it back"
    assert books.settlements(stack, number) == [False, True]
    ((order, state),) = books.orders(stack, number)
    assert state == "paid"
    ((answer, fen),) = outside.refunds(order)
    assert answer == "SUCCESS"
    assert fen == outside.paid(order)


def told(patient: Patient, number: str, outside: Outside, *templates: str) -> None:
    """Her phone has brought each of these once for this visit."""
    sent = [one["template"] for one in outside.texts(patient.mobile) if one["params"].get("number") == number]
    for template in templates:
        assert sent.count(template) == 1, sent
