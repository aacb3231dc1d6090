"""The list of visits, the waiting and consulting room, and the conversation without a websocket."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.test import Client

from consultations import operations
from consultations.models import Slot
from kernel import clock
from registry.models import Guardianship, Practitioner
from tests.factories import consultations as factories
from tests.factories.consultations import Booking, booking, channel_says_refunded
from tests.factories.encounters import picture, upload
from tests.factories.registry import GuardianshipFactory
from tests.integration.consultations.test_booking_pages import said

pytestmark = pytest.mark.django_db


@pytest.fixture
def her(client: Client, guardianship: Guardianship) -> Client:
    """Her browser, in English."""
    client.force_login(guardianship.user)
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def visit(slot: Slot, guardianship: Guardianship) -> Booking:
    """She waits."""
    return booking(slot, at=clock.now(), right=guardianship).prepare().price().pay()


def test_the_waiting_room_says_place_wait_and_what_was_paid(her: Client, visit: Booking) -> None:
    text = said(her.get(f"/visits/{visit.number}/"))
    assert "Waiting for the doctor" in text
    assert "Before you 0" in text
    assert "¥10.00 paid" in text
    assert "Paid. You are in the queue" in text


def test_the_room_in_both_languages_and_every_state_after_it(her: Client, visit: Booking) -> None:
    address = f"/visits/{visit.number}/"
    for language in ("zh-hans", "en"):
        her.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
        assert her.get(address).status_code == 200
        assert her.get("/visits/").status_code == 200
    visit.begin().decide().sign()
    assert "With the doctor" in said(her.get(address))
    visit.complete()
    text = said(her.get(address))
    assert "Finished" in text
    assert "继续原方案" in text or "续方" in text, "the record can be read"
    assert "The doctor has finished the visit." in text, "the conversation stays readable"
    assert "Nothing more can be written here." in text


def test_the_head_of_the_room_leads_to_the_record_when_the_visit_has_ended(
    her: Client, visit: Booking
) -> None:
    fragment = f"/visits/{visit.number}/now/?in=room"
    assert "X-Location" not in her.get(fragment).headers
    visit.begin().decide().sign().complete()
    assert her.get(fragment)["X-Location"] == f"/visits/{visit.number}/"


def test_a_stopped_visit_says_why_where_to_go_and_that_the_money_is_back(her: Client, visit: Booking) -> None:
    going_back = "The money is going back by itself"
    assert going_back not in said(her.get("/visits/"))
    operations.stop_visit(
        revisit_id=visit.revisit.pk,
        code="needs_examination",
        reason="请先做心电图。",
        by=visit.doctor,
        at=clock.now(),
    )
    text = said(her.get(f"/visits/{visit.number}/"))
    assert going_back in said(her.get("/visits/"))
    assert "An examination at the hospital is needed first. 请先做心电图。" in text
    assert "400-000-0000" in text
    channel_says_refunded(visit.now())
    assert "The money is back" in said(her.get(f"/visits/{visit.number}/"))


def test_she_cancels_from_the_waiting_room(her: Client, visit: Booking) -> None:
    reply = her.post(f"/visits/{visit.number}/cancel/", follow=True)
    assert "The visit is cancelled." in said(reply)
    assert visit.now().state == "cancelled"


def test_cancelling_too_late_is_said_and_changes_nothing(her: Client, visit: Booking) -> None:
    visit.begin()
    reply = her.post(f"/visits/{visit.number}/cancel/", follow=True)
    assert reply.status_code == 200
    assert visit.now().state == "in_progress"


@pytest.mark.parametrize("address", ["", "now/", "conversation/"])
def test_the_visit_of_somebody_else_does_not_exist(client: Client, visit: Booking, address: str) -> None:
    client.force_login(GuardianshipFactory().user)
    assert client.get(f"/visits/{visit.number}/{address}").status_code == 404


def test_the_list_takes_as_many_statements_for_one_visit_as_for_four(
    her: Client,
    visit: Booking,
    guardianship: Guardianship,
    doctor: Practitioner,
    django_assert_max_num_queries: Any,
) -> None:
    with django_assert_max_num_queries(100) as one:
        her.get("/visits/")
    for days in range(1, 4):
        slot = factories.slot(doctor, starts_at=clock.now() + timedelta(days=days))
        booking(slot, at=clock.now(), right=guardianship).prepare().price()
    with django_assert_max_num_queries(len(one.captured_queries)):
        assert said(her.get("/visits/")).count("Cardiology") == 4


def test_without_a_websocket_she_posts_and_reads(her: Client, visit: Booking) -> None:
    address = f"/visits/{visit.number}/conversation/"
    key = str(uuid4())
    for _twice in range(2):
        answer = her.post(address, {"client_key": key, "text": "没有头晕。"}).json()
        assert answer == {"type": "ack", "client_key": key, "number": 2}
    items = her.get(f"{address}?after=1").json()["items"]
    assert [(item["text"], item["mine"]) for item in items] == [("没有头晕。", True)]
    refused = her.post(address, {"client_key": str(uuid4()), "text": " "})
    assert (refused.status_code, refused.json()["type"]) == (422, "refused")
    assert her.get(f"{address}?after=x").status_code == 200


def test_without_script_the_form_posts_and_comes_back(her: Client, visit: Booking) -> None:
    address = f"/visits/{visit.number}/"
    reply = her.post(f"{address}conversation/", {"text": "没有头晕。", "next": address})
    assert reply["Location"] == address
    assert "没有头晕。" in said(her.get(address))
    away = her.post(f"{address}conversation/", {"text": "再来", "next": "https://elsewhere.example/"})
    assert away["Location"] == address


def test_a_picture_is_shown_to_those_who_take_part_and_as_nothing_but_a_picture(
    client: Client, her: Client, visit: Booking
) -> None:
    address = f"/visits/{visit.number}/"
    answer = her.post(
        f"{address}conversation/", {"client_key": str(uuid4()), "picture": upload(picture(), "药盒.jpg")}
    ).json()
    shown = f"{address}pictures/{answer['number']}/"
    for user in (visit.user, visit.doctor):
        client.force_login(user)
        reply = client.get(shown)
        assert reply["Content-Type"] == "image/jpeg"
        assert reply["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in reply["Content-Security-Policy"]
    client.force_login(GuardianshipFactory().user)
    assert client.get(shown).status_code == 404


def test_nobody_signed_in_reads_nothing(client: Client, visit: Booking) -> None:
    assert client.get(f"/visits/{visit.number}/conversation/").status_code in {302, 403}
