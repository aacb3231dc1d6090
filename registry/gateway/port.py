"""The real-name check as the rest of the application sees it."""

from typing import Protocol

from registry.gateway.messages import RealNameResult


class IdentityRefused(Exception):
    """The service will not answer this question, however often it is asked. ``code`` is its own."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class IdentityUnanswered(Exception):
    """Nobody knows yet: no answer, or an unreadable one. Ask again with the same ``request_id``."""


class IdentityGateway(Protocol):
    """Does this name belong to this ID number?"""

    def check_real_name(self, request_id: str, name: str, id_number: str) -> RealNameResult:
        """Ask the register. Calls out: never inside a transaction.

        Args:
            request_id: at most 64 characters; the same one is answered, and charged, once.
            name: as on the card.
            id_number: 18 characters whose check character is right already.

        Raises:
            IdentityRefused: the question itself is not accepted.
            IdentityUnanswered: no answer that can be used.
        """
