"""The bell: who may watch which topic, and what comes over the websocket."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from channels.layers import get_channel_layer
from channels.routing import URLRouter
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connections, transaction
from django.test import Client

from accounts.models import User
from hospital.asgi import application
from kernel import clock, live
from kernel.consumers import NOT_YOURS, websocket_urlpatterns
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
WAIT = 10  # seconds at most, until what was rung is heard
SILENCE = 0.2  # seconds in which nothing may come


@pytest.fixture(autouse=True)
async def _connections(transactional_db: None) -> AsyncIterator[None]:
    """Consumers speak to the database in a thread of their own; nobody else closes its connections.

    The channel layer is connected before: one that is told to stop while it first connects does not.
    """
    await get_channel_layer().group_send("nobody", {"type": "bell.ring"})
    yield
    await sync_to_async(connections.close_all)()


def test_a_token_opens_its_topic_for_its_user_only() -> None:
    token = live.token_for("bill:12", 7)
    assert live.topic_in(token, 7) == "bill:12"
    assert live.topic_in(token, 8) is None
    assert live.topic_in(token, None) is None


def test_a_token_ends_after_a_day() -> None:
    token = live.token_for("bill:12", 7)
    with time_machine.travel(clock.now() + timedelta(seconds=live.TOKEN_SECONDS - 60)):
        assert live.topic_in(token, 7) == "bill:12"
    with time_machine.travel(clock.now() + timedelta(seconds=live.TOKEN_SECONDS + 60)):
        assert live.topic_in(token, 7) is None


def test_a_token_cannot_be_made_up_or_altered() -> None:
    token = live.token_for("bill:12", 7)
    value, _, rest = token.partition(":")
    other = live.token_for("bill:13", 7).partition(":")[0]
    assert value != other
    for forged in ("", "bill:12", token[:-3], f"{other}:{rest}"):
        assert live.topic_in(forged, 7) is None


class Socket:
    """A page's websocket, without a server between."""

    def __init__(self, application: Any, token: str, **scope: Any) -> None:
        place = {"type": "websocket", "path": f"/ws/live/{token}/", "query_string": b"", "subprotocols": []}
        self.line = ApplicationCommunicator(application, {"headers": [], **place, **scope})

    async def connect(self) -> int:
        """0 when it was accepted, else the code it was closed with."""
        await self.line.send_input({"type": "websocket.connect"})
        answer = await self.line.receive_output(WAIT)
        if answer["type"] == "websocket.accept":
            return 0
        await self.leave()
        return int(answer["code"])

    async def hear(self) -> Any:
        """The next message."""
        return json.loads((await self.line.receive_output(WAIT))["text"])

    async def hears_nothing(self) -> bool:
        """Whether it stays silent."""
        return bool(await self.line.receive_nothing(SILENCE))

    async def leave(self) -> None:
        """Close the page."""
        await self.line.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.line.wait(1)  # then it is ended


def socket_of(user: User | AnonymousUser | None, token: str) -> Socket:
    """As it comes out of signing in."""
    return Socket(URLRouter(websocket_urlpatterns), token, user=user)


async def test_who_holds_the_token_hears_the_bell_of_her_topic_alone() -> None:
    socket = socket_of(User(pk=7), live.token_for("bill:12", 7))
    assert await socket.connect() == 0
    assert await socket.hear() == {"topic": "bill:12"}, "what came meanwhile is fetched"
    await sync_to_async(live._send)("bill:13")
    await sync_to_async(live._send)("bill:12")
    assert await socket.hear() == {"topic": "bill:12"}
    assert await socket.hears_nothing()
    await socket.leave()


@pytest.mark.parametrize("user", [User(pk=8), AnonymousUser(), None], ids=["another", "nobody", "no session"])
async def test_another_user_is_turned_away(user: User | AnonymousUser | None) -> None:
    socket = socket_of(user, live.token_for("bill:12", 7))
    assert await socket.connect() == NOT_YOURS


async def test_a_made_up_token_is_turned_away() -> None:
    assert await socket_of(User(pk=7), "bill:12").connect() == NOT_YOURS


async def test_the_bell_rings_after_commit_and_not_after_a_rollback() -> None:
    socket = socket_of(User(pk=7), live.token_for("bill:12", 7))
    await socket.connect()
    await socket.hear()

    def roll_back() -> None:
        with pytest.raises(RuntimeError), transaction.atomic():
            live.ring("bill:12")
            raise RuntimeError

    await sync_to_async(roll_back)()
    assert await socket.hears_nothing()
    await sync_to_async(live.ring)("bill:12")
    assert await socket.hear() == {"topic": "bill:12"}
    await socket.leave()


async def test_the_real_entrance_knows_the_session() -> None:
    user = await sync_to_async(UserFactory)()
    session = await sync_to_async(_signed_in)(user)
    cookie = (b"cookie", f"{settings.SESSION_COOKIE_NAME}={session}".encode())
    origin = (b"origin", b"http://testserver")
    token = live.token_for("bill:12", user.pk)
    mine = Socket(application, token, headers=[cookie, origin])
    assert await mine.connect() == 0
    await mine.leave()
    assert await Socket(application, token, headers=[origin]).connect() == NOT_YOURS


def _signed_in(user: User) -> str:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value
