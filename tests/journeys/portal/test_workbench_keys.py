"""The doctor's workbench under the keyboard: nothing of a visit needs the mouse, and nothing typed is lost."""

from typing import Any

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from consultations.models import Decision, Revisit
from consultations.states import RevisitState
from encounters.models import Diagnosis, Encounter, MedicalRecord
from kernel import clock
from tests.accessibility import assert_accessible
from tests.factories import portal as factories
from tests.factories.encounters import DiagnosisCodeFactory, another_doctor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("journeys")]


def signed_in(page: Page, server: LiveServer, user: User) -> None:
    """Give the browser a session of the user."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    page.context.add_cookies([{"name": "sessionid", "value": str(session.session_key), "url": server.url}])


@pytest.fixture
def desk(page: Page, live_server: LiveServer) -> tuple[Page, Revisit]:
    """A doctor at a visit that is a re-diagnosis; another patient waits."""
    doctor = another_doctor()
    assert doctor.user is not None
    DiagnosisCodeFactory(diabetes=True)
    revisit = factories.visit(doctor, state=RevisitState.IN_PROGRESS)
    factories.visit(doctor)
    now, encounter = clock.now(), revisit.encounter
    Revisit.objects.filter(pk=revisit.pk).update(decision=Decision.REVISIT, decided_at=now)
    Encounter.objects.filter(pk=encounter.pk).update(cleared_at=now)
    record = MedicalRecord.objects.create(encounter=encounter, written_by=doctor, changed_at=now)
    Diagnosis.objects.create(record=record, number=1, code=encounter.known_disease)
    signed_in(page, live_server, doctor.user)
    page.goto(f"{live_server.url}/clinic/{revisit.encounter.number}/")
    return page, revisit


def test_the_arrows_go_through_the_queue_and_enter_opens(desk: tuple[Page, Revisit]) -> None:
    page, _revisit = desk
    items = page.locator("[data-queue] a")
    items.first.focus()

    page.keyboard.press("ArrowDown")
    expect(items.nth(1)).to_be_focused()
    address = items.nth(1).get_attribute("href")
    page.keyboard.press("Enter")

    page.wait_for_url(f"**{address}")


def test_the_slash_searches_and_the_question_mark_lists_the_keys(desk: tuple[Page, Revisit]) -> None:
    page, _revisit = desk

    page.keyboard.press("/")
    expect(page.locator("input[name=q]").first).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("?")

    expect(page.locator("dialog#keys")).to_be_visible()


def test_a_diagnosis_is_chosen_with_the_keyboard_and_kept(desk: tuple[Page, Revisit]) -> None:
    page, revisit = desk

    page.keyboard.press("d")
    page.keyboard.type("E11", delay=20)
    expect(page.locator("#dx-list [role=option]").first).to_be_visible()
    page.keyboard.press("Enter")

    expect(page.locator("#dx-chosen li")).to_have_count(2)
    _wait_for_record(page, revisit, diagnoses=["I10.x00x002", "E11.900"])


def test_pressing_a_chip_makes_it_the_main_diagnosis(desk: tuple[Page, Revisit]) -> None:
    page, revisit = desk
    page.keyboard.press("d")
    page.keyboard.type("E11", delay=20)
    expect(page.locator("#dx-list [role=option]").first).to_be_visible()
    page.keyboard.press("Enter")

    page.locator("#dx-chosen li").nth(1).click(position={"x": 30, "y": 10})

    _wait_for_record(page, revisit, diagnoses=["E11.900", "I10.x00x002"])


def test_what_is_typed_is_kept_by_itself_and_survives_the_parts(desk: tuple[Page, Revisit]) -> None:
    page, revisit = desk
    page.fill("[name=plan]", "低盐饮食，一周后复查。")

    _wait_for_record(page, revisit, plan="低盐饮食，一周后复查。")
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    expect(page.locator("#rx-editor")).to_be_visible()
    page.keyboard.press("r")

    expect(page.locator("[name=plan]")).to_have_value("低盐饮食，一周后复查。")


def test_saying_no_opens_the_reasons(page: Page, live_server: LiveServer) -> None:
    doctor = another_doctor()
    assert doctor.user is not None
    revisit = factories.visit(doctor, state=RevisitState.IN_PROGRESS)
    signed_in(page, live_server, doctor.user)
    page.goto(f"{live_server.url}/clinic/{revisit.encounter.number}/")

    page.locator("[data-stop-code=not_revisit]").click()

    expect(page.locator("#stop input[value=not_revisit]")).to_be_checked()


def test_the_workbench_is_open_to_everybody(desk: tuple[Page, Revisit]) -> None:
    page, _revisit = desk

    for part in ("record", "rx", "end"):
        page.goto(f"{page.url.split('?')[0]}?tab={part}")
        assert_accessible(page)


def _wait_for_record(page: Page, revisit: Revisit, **expected: Any) -> None:
    """Poll until the draft in the database is what it should be."""
    for _ in range(100):
        record = MedicalRecord.objects.filter(encounter=revisit.encounter_id).first()
        if record is not None and _facts(record, expected) == expected:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the draft never became {expected}")


def _facts(record: MedicalRecord, names: dict[str, Any]) -> dict[str, Any]:
    codes = [row.code.clinical_code for row in record.diagnoses.order_by("number").select_related("code")]
    return {name: codes if name == "diagnoses" else getattr(record, name) for name in names}
