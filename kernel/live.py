"""Ring the bell of watching pages; what changed is fetched by the page itself."""

import logging

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.core import signing
from django.db import transaction

logger = logging.getLogger(__name__)

_SALT = "kernel.live"
TOKEN_SECONDS = 24 * 3600


def ring(topic: str) -> None:
    """Tell every page that watches ``topic`` after commit; a lost bell is made good by the page's polling."""
    transaction.on_commit(lambda: _send(topic), robust=True)


def _send(topic: str) -> None:
    """Send to the channel layer; the layer being away must not break the request."""
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async_to_sync(layer.group_send)(group_of(topic), {"type": "bell.ring", "topic": topic})
    except (OSError, ConnectionError):
        logger.warning("channel layer away; pages poll instead")


def group_of(topic: str) -> str:
    """Channel group name of a topic such as ``bill:12``."""
    return topic.replace(":", ".")


def token_for(topic: str, user_id: int) -> str:
    """Permission of one user to watch one topic, given when the page that shows it is rendered."""
    return signing.dumps([topic, user_id], salt=_SALT)


def topic_in(token: str, user_id: int | None) -> str | None:
    """The topic of a token that was given to this user, or None."""
    try:
        topic, owner = signing.loads(token, salt=_SALT, max_age=TOKEN_SECONDS)
    except (signing.BadSignature, ValueError):
        return None
    return str(topic) if owner == user_id else None
