"""The connection drops in the consulting room: what is written meanwhile arrives once and in order."""

import pytest
from playwright.sync_api import expect

from tests.journeys.actors import Doctor, Person
from tests.journeys.conftest import PatientCalled, StaffCalled
from tests.live_stack import LiveStack

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

BEFORE = ["早上好，医生。"]
HERS = ["今早 132/84。", "昨晚 128/80。", "没有头晕。", "药还剩三片。"]
HIS = ["请继续测。", "少吃盐。"]
AFTER = ["好的，谢谢。"]


def test_messages_written_while_the_connection_is_down_arrive_once_and_in_order(
    patient_called: PatientCalled, staff_called: StaffCalled, live_stack: LiveStack
) -> None:
    patient = patient_called("13800000001")
    number = patient.book_and_pay("林致远")
    patient.enter_room(number)
    doctor = staff_called(Doctor, "doctor01")
    doctor.open(number)
    doctor.begin()
    patient.say(BEFORE[0])
    doctor.hears(BEFORE[0])

    patient.context.set_offline(True)
    for text in HERS:
        patient.say(text)
    expect(patient.page.locator(".said--me")).to_have_count(len(BEFORE + HERS))
    for text in HIS:
        doctor.say(text)
    expect(doctor.page.locator(".said--me")).to_have_count(len(HIS))
    expect(patient.page.locator("[data-chat-stale]")).to_be_visible(timeout=30_000)
    patient.context.set_offline(False)

    patient.hears(HIS[-1])
    doctor.hears(HERS[-1])
    expect(patient.page.locator("[data-chat-stale]")).to_be_hidden(timeout=30_000)
    patient.say(AFTER[0])
    doctor.hears(AFTER[0])
    for side in (patient, doctor):
        heard = written(side)
        assert [text for text in heard if text not in HIS] == BEFORE + HERS + AFTER
        assert [text for text in heard if text in HIS] == HIS
    assert written(patient) == written(doctor), "both sides see the same conversation"
    patient.page.reload()
    assert written(patient) == written(doctor)
    doctor.stop("other")


def written(person: Person) -> list[str]:
    """Every text of the conversation, as it stands on her screen."""
    return [text.strip() for text in person.page.locator(".said__bubble").all_inner_texts()]
