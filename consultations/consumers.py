"""The conversation over a websocket: a thin shell around the operations."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings
from django.urls import path
from django.utils import translation

from consultations.operations import mark_read, send_message
from consultations.queries import conversation, visit_of_participant
from kernel import clock, live
from kernel.errors import DomainError

NOT_YOURS = 4403


class ChatConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """Speaks JSON objects with a ``type``.

    In: ``send`` {client_key, text}, ``sync`` {after}, ``read`` {number}.
    Out: ``bell`` {} (something is new: sync), ``messages`` {items, read, is_open}, ``ack`` {client_key, number},
    ``refused`` {client_key, reason}.
    """

    async def connect(self) -> None:
        """Join the conversation of a visit the user takes part in."""
        self.number = self.scope["url_route"]["kwargs"]["number"]
        self.user = self.scope.get("user")
        self.language = _language(self.scope.get("cookies", {}))
        visit_id = await self._visit_id()
        if visit_id is None:
            await self.close(code=NOT_YOURS)
            return
        self.group = live.group_of(f"revisit:{visit_id}")
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        """Leave it."""
        if hasattr(self, "group"):
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def bell_ring(self, event: dict[str, Any]) -> None:
        """Something is new."""
        await self.send_json({"type": "bell"})

    async def receive_json(self, content: dict[str, Any], **kwargs: Any) -> None:
        """Carry out one request of the page."""
        kind = content.get("type")
        if kind == "send":
            await self.send_json(await self._send(content))
        elif kind == "sync":
            await self.send_json(await self._messages(_number(content.get("after"))))
        elif kind == "read":
            await self._read(_number(content.get("number")))

    @classmethod
    async def decode_json(cls, text_data: str) -> dict[str, Any]:
        """What is no JSON object asks for nothing."""
        try:
            content = json.loads(text_data)
        except ValueError:
            return {}
        return content if isinstance(content, dict) else {}

    @database_sync_to_async  # type: ignore[untyped-decorator]
    def _visit_id(self) -> int | None:
        """The visit, when the user takes part in it."""
        if self.user is None or not self.user.is_authenticated:
            return None
        try:
            return visit_of_participant(self.user, self.number)[0].pk
        except DomainError:
            return None

    @database_sync_to_async  # type: ignore[untyped-decorator]
    def _send(self, content: dict[str, Any]) -> dict[str, Any]:
        """Keep a message; a refusal is said beside the message that was refused."""
        key = str(content.get("client_key", ""))
        with translation.override(self.language):
            try:
                message = send_message(
                    number=self.number, client_key=UUID(key), text=str(content.get("text", "")),
                    by=self.user, at=clock.now(),
                )  # fmt: skip
            except DomainError as refusal:
                return {"type": "refused", "client_key": key, "reason": str(refusal)}
            except ValueError:  # no key
                return {"type": "refused", "client_key": key, "reason": ""}
        return {"type": "ack", "client_key": key, "number": message.number}

    @database_sync_to_async  # type: ignore[untyped-decorator]
    def _messages(self, after: int) -> dict[str, Any]:
        """Everything after a number, in order."""
        with translation.override(self.language):
            revisit, is_doctor = visit_of_participant(self.user, self.number)
            return {"type": "messages", **conversation(revisit, after=after, is_doctor=is_doctor)}

    @database_sync_to_async  # type: ignore[untyped-decorator]
    def _read(self, number: int) -> None:
        """Move the read mark."""
        mark_read(number=self.number, up_to=number, by=self.user, at=clock.now())


def _number(value: object) -> int:
    """A message number; 0 for whatever else was sent."""
    return value if isinstance(value, int) and value > 0 else 0


def _language(cookies: Mapping[str, str]) -> str:
    """The language the person has chosen, else the default one."""
    chosen = cookies.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


websocket_urlpatterns = [path("ws/visits/<str:number>/", ChatConsumer.as_asgi())]
