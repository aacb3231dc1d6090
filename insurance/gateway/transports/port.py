"""What every way through has in common."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import httpx

Opened = str


class Transport(Protocol):
    """Signs, wraps and opens; one for each kind of gateway. Safe to share between threads."""

    def headers(self, transaction: str, *, at: datetime, http: httpx.Client) -> dict[str, str]:
        """Headers of one call.

        Raises:
            GatewayMisconfigured: the gateway does not know us.
            GatewayUnanswered: a token could not be fetched; the message itself was not sent.
        """
        ...

    def wrap(self, head: Mapping[str, object], input_text: str) -> str:
        """The text that is sent; ``head`` is the envelope without ``input``."""
        ...

    def unwrap(self, text: str) -> Opened:
        """The envelope in plain text.

        Raises:
            ReplyInconsistent: it cannot be opened, or its signature is not the insurer's.
        """
        ...

    def refusal(self, status: int, text: str) -> str:
        """Why the gateway did not let the message through; empty when it is not the gateway that speaks."""
        ...

    def renew(self) -> bool:
        """After a refusal: whether it is worth trying once more with fresh credentials."""
        ...


def said(text: str, *names: str) -> str:
    """The first of these values of a JSON object, empty when there is none."""
    try:
        content = json.loads(text)
    except ValueError:
        return ""
    values = (content.get(name) for name in names) if isinstance(content, dict) else ()
    return next((str(value) for value in values if value), "")
