"""Two people want the last place; and a session ends while somebody writes."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx
import pytest
from playwright.sync_api import expect

from tests.journeys import books
from tests.journeys.actors import Patient
from tests.journeys.conftest import PatientCalled
from tests.live_stack import LiveStack

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

LAST_PLACE = """
DELETE FROM consultations_place p WHERE p.revisit_id IS NULL AND p.slot_id = %s
AND p.id <> (SELECT min(id) FROM consultations_place WHERE slot_id = %s AND revisit_id IS NULL) RETURNING p.id
"""


def test_two_patients_want_the_last_place_and_one_is_offered_others(
    patient_called: PatientCalled, live_stack: LiveStack
) -> None:
    pair = [patient_called("13800000004"), patient_called("13800000005")]
    for person in pair:
        person.choose_place("孙悦", days_ahead=3)
    slots = {person.page.locator("input[name=slot]:checked").get_attribute("value") for person in pair}
    (slot,) = slots
    live_stack.query(LAST_PLACE, slot, slot)
    doctor = pair[0].page.url.split("?")[0]

    start = Barrier(2)
    forms = [what_she_posts(person) for person in pair]
    cookies = [{str(one["name"]): str(one["value"]) for one in person.context.cookies()} for person in pair]

    def post(number: int) -> httpx.Response:
        with httpx.Client(cookies=cookies[number], headers={"Referer": doctor}, timeout=30) as client:
            client.get(doctor)  # the connection stands before the race
            start.wait(timeout=30)
            return client.post(doctor, data=forms[number])

    with ThreadPoolExecutor(max_workers=2) as pool:
        answers = list(pool.map(post, range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    winner = next(answer for answer in answers if answer.status_code == 302)
    assert re.search(r"/visits/V\d+/complaint/$", winner.headers["location"])
    taken = "SELECT count(*) FROM consultations_place WHERE slot_id = %s AND revisit_id IS NOT NULL"
    assert books.one(live_stack, taken, slot) == 1

    # She who was too late sees it on her own screen, with what she had chosen.
    late = pair[0 if answers[0].status_code == 200 else 1]
    late.page.locator(".actionbar button").click()
    refusal = late.page.locator(".field--error")
    expect(refusal).to_contain_text(books.words("This time has just been taken. Please choose another."))
    offered = books.words("Next free: %(slots)s.", slots="").strip("。. ")
    expect(refusal).to_contain_text(offered)
    chosen = late.page.locator(f"input[name=slot][value='{slot}']")
    expect(chosen).to_be_disabled()
    expect(late.page.locator("label.slot", has=chosen)).to_contain_text(books.words("just taken"))
    late.page.locator("label.slot:not(.slot--full) input").first.check(force=True)
    late.hold()


def what_she_posts(person: Patient) -> dict[str, str]:
    """The fields of the booking form as they stand in the browser."""
    fields: dict[str, str] = person.page.evaluate(
        "Object.fromEntries(new FormData(document.getElementById('booking')))"
    )
    return fields


def test_what_she_typed_survives_a_session_that_ended(
    patient_called: PatientCalled, live_stack: LiveStack
) -> None:
    patient = patient_called("13800000004")
    patient.choose_place("林致远")
    number = patient.hold()
    story = "血压一直平稳，药快吃完了，想再开四周。"
    patient.page.fill("textarea[name=complaint]", story)
    patient.page.fill("input[name=allergies]", "青霉素")
    patient.page.fill("textarea[name=current_medicines]", "苯磺酸氨氯地平片")
    patient.context.clear_cookies(name="sessionid")  # as if a month had gone by
    patient.go_on()
    patient.page.wait_for_url(re.compile("/accounts/sign-in/"))

    patient.ask_for_code()
    patient.page.wait_for_url(re.compile(rf"/visits/{number}/complaint/"))
    expect(patient.page.locator("textarea[name=complaint]")).to_have_value(story)
    expect(patient.page.locator("input[name=allergies]")).to_have_value("青霉素")
    expect(patient.page.locator("textarea[name=current_medicines]")).to_have_value("苯磺酸氨氯地平片")
    patient.search("input[name=q]", "gxy", into="#diseases")
    patient.page.locator("#diseases input[type=radio]").first.check()
    patient.go_on()
    patient.page.wait_for_url(re.compile("/proof/"))
    kept = "SELECT complaint FROM encounters_encounter WHERE number = %s"
    assert books.one(live_stack, kept, number) == story
