"""The conversation over a real channel layer: once, in order, and nothing for strangers."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Self
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from channels.layers import get_channel_layer
from channels.routing import URLRouter
from django.contrib.auth.models import AnonymousUser
from django.db import connections

from consultations.consumers import NOT_YOURS, websocket_urlpatterns
from consultations.models import ChatMessage
from consultations.operations import send_message
from kernel import clock
from tests.factories import consultations as factories
from tests.factories.consultations import Booking, booking
from tests.factories.registry import GuardianshipFactory, PractitionerFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
async def _close_connections(transactional_db: None) -> AsyncIterator[None]:
    """Consumers speak to the database in a thread of their own; nobody else closes its connections.

    The channel layer is connected before: one that is told to stop while it first connects does not.
    """
    await get_channel_layer().group_send("nobody", {"type": "bell.ring"})
    yield
    await sync_to_async(connections.close_all)()


@pytest.fixture
def visit(transactional_db: None) -> Booking:
    """Waiting: both sides may write."""
    now = clock.now()
    slot = factories.slot(PractitionerFactory(), starts_at=now - timedelta(minutes=5))
    made = booking(slot, at=now).prepare().price().pay()
    # Loaded here: in a running event loop each question would open a connection that nobody closes.
    assert made.doctor
    assert made.number
    return made


class Page:
    """One side's page: speaks ASGI to the consumer, without a server between."""

    def __init__(self, visit: Booking, user: Any, language: str = "zh-hans") -> None:
        path = f"/ws/visits/{visit.number}/"
        scope: dict[str, Any] = {
            "type": "websocket",
            "path": path,
            "headers": [],
            "query_string": b"",
            "subprotocols": [],
        }
        scope |= {"user": user, "cookies": {"django_language": language}}
        self.line = ApplicationCommunicator(URLRouter(websocket_urlpatterns), scope)

    async def connect(self) -> dict[str, Any]:
        """What the consumer answers: ``websocket.accept`` or ``websocket.close``."""
        await self.line.send_input({"type": "websocket.connect"})
        answer: dict[str, Any] = await self.line.receive_output(timeout=5)
        return answer

    async def __aenter__(self) -> Self:
        assert (await self.connect())["type"] == "websocket.accept"
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.line.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.line.wait(timeout=5)

    async def say(self, message: dict[str, Any] | str) -> None:
        """Send JSON, or text as it is."""
        text = message if isinstance(message, str) else json.dumps(message)
        await self.line.send_input({"type": "websocket.receive", "text": text})

    async def hear(self) -> dict[str, Any]:
        """The next message."""
        heard: dict[str, Any] = json.loads((await self.line.receive_output(timeout=5))["text"])
        return heard

    async def ask(self, **message: Any) -> dict[str, Any]:
        """The answer to a message; bells that ring meanwhile are passed over."""
        await self.say(message)
        return await self.answer()

    async def answer(self) -> dict[str, Any]:
        """The next message that is no bell."""
        while True:
            said = await self.hear()
            if said["type"] != "bell":
                return said

    async def send(self, text: str, key: str | None = None) -> dict[str, Any]:
        """What the page does for one message."""
        return await self.ask(type="send", client_key=key or str(uuid4()), text=text)

    async def texts(self, after: int = 0) -> list[str]:
        """What people have written after a number."""
        said = await self.ask(type="sync", after=after)
        return [item["text"] for item in said["items"] if item["kind"] == "text"]


async def test_a_message_is_acknowledged_and_rings_at_the_other_side(visit: Booking) -> None:
    async with Page(visit, visit.user) as patient, Page(visit, visit.doctor) as doctor:
        said = await patient.send("早上 137/85。")
        assert said["type"] == "ack"
        assert await doctor.hear() == {"type": "bell"}
        synced = await doctor.ask(type="sync", after=said["number"] - 1)
        assert [(item["text"], item["mine"]) for item in synced["items"]] == [("早上 137/85。", False)]


async def test_what_was_sent_while_away_is_delivered_once_and_in_order(visit: Booking) -> None:
    async with Page(visit, visit.user) as patient:
        before = await patient.send("第一句")
    # Away: the doctor goes on, the patient's page keeps three messages with their keys.
    await sync_to_async(send_message)(
        number=visit.number, client_key=uuid4(), text="医生的话", by=visit.doctor, at=clock.now()
    )
    kept = [(f"离线 {n}", str(uuid4())) for n in range(1, 4)]
    async with Page(visit, visit.user) as patient:
        assert await patient.texts(after=before["number"]) == ["医生的话"]
        for text, key in kept:
            assert (await patient.send(text, key))["type"] == "ack"
        # The connection broke before the last acknowledgement came: the page sends it again.
        last_text, last_key = kept[-1]
        repeated = await patient.send(last_text, last_key)
        assert repeated["type"] == "ack"
        assert await patient.texts() == ["第一句", "医生的话", "离线 1", "离线 2", "离线 3"]
    numbers = [message.number async for message in ChatMessage.objects.order_by("number")]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_reading_is_told_to_the_other_side(visit: Booking) -> None:
    async with Page(visit, visit.user) as patient, Page(visit, visit.doctor) as doctor:
        said = await patient.send("在吗")
        await doctor.hear()
        await doctor.say({"type": "read", "number": said["number"]})
        # The bell of the mark may come before or after this question; ask until it is there.
        for _try in range(50):
            if (await patient.ask(type="sync", after=said["number"]))["read"] == said["number"]:
                break
        else:
            pytest.fail("the mark was never told")


async def test_a_refusal_is_said_beside_the_message_in_the_readers_language(visit: Booking) -> None:
    async with Page(visit, visit.user, language="en") as patient:
        refused = await patient.send("  ")
        assert refused["type"] == "refused"
        assert refused["reason"] == "A message has 1 to 2000 characters."
        assert (await patient.send("x", key="no key"))["type"] == "refused"


@pytest.mark.parametrize("nonsense", ["[]", "{", '"text"', '{"type": "sync", "after": "x"}', '{"type": 7}'])
async def test_nonsense_does_no_harm(visit: Booking, nonsense: str) -> None:
    async with Page(visit, visit.user) as patient:
        await patient.say(nonsense)
        assert (await patient.send("还在"))["type"] in {"ack", "messages"}


async def test_strangers_are_turned_away(visit: Booking) -> None:
    stranger = await sync_to_async(lambda: GuardianshipFactory().user)()
    for user in (stranger, AnonymousUser()):
        page = Page(visit, user)
        answer = await page.connect()
        assert (answer["type"], answer["code"]) == ("websocket.close", NOT_YOURS)
        await page.__aexit__()  # a consumer that nobody ends would outlive the event loop
