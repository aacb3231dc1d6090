"""The text message service as the rest of the application sees it."""

from collections.abc import Mapping
from typing import Protocol


class SmsRefused(Exception):
    """The service will not send this, however often it is asked. ``code`` is its own."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class SmsUnanswered(Exception):
    """Nobody knows whether it was sent. Sending again with the same ``request_id`` sends it once."""


class SmsGateway(Protocol):
    """Sends a text message made from an approved template."""

    def send(self, request_id: str, mobile: str, template: str, params: Mapping[str, str]) -> None:
        """Hand a message over. Calls out: never inside a transaction.

        Args:
            request_id: at most 64 characters; the same one is sent once.
            mobile: eleven digits.
            template: name of the approved template, for example ``sign_in_code``.
            params: what fills it, by name; a one-time code is called ``code``.

        Raises:
            SmsRefused: the message itself is not accepted.
            SmsUnanswered: no answer that can be used.
        """
