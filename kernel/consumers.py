"""The bell: a websocket that says only that something has changed."""

from typing import Any

from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.urls import path

from kernel import live

NOT_YOURS = 4403


class BellConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """Sends ``{"topic": …}`` each time the topic of its token rings."""

    async def connect(self) -> None:
        """Join the topic that the token allows this user to watch."""
        user = self.scope.get("user")
        topic = live.topic_in(self.scope["url_route"]["kwargs"]["token"], getattr(user, "pk", None))
        if topic is None:
            await self.close(code=NOT_YOURS)
            return
        self.groups_joined = [live.group_of(topic)]
        await self.channel_layer.group_add(self.groups_joined[0], self.channel_name)
        await self.accept()
        await self.send_json({"topic": topic})

    async def disconnect(self, code: int) -> None:
        """Leave the topic."""
        for group in getattr(self, "groups_joined", []):
            await self.channel_layer.group_discard(group, self.channel_name)

    async def bell_ring(self, event: dict[str, Any]) -> None:
        """Pass the bell on."""
        await self.send_json({"topic": event["topic"]})


websocket_urlpatterns = [path("ws/live/<str:token>/", BellConsumer.as_asgi())]
