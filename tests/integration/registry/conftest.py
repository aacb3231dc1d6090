"""An identity register for tests, and the moment at which they play."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from registry.gateway.messages import RealNameResult
from registry.gateway.port import IdentityRefused, IdentityUnanswered
from registry.operations import verification

AT = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


class Register:
    """Answers what it is told to answer, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answer: RealNameResult | None = RealNameResult.MATCH
        self.refuses = False
        self.asked: list[tuple[str, str, str]] = []
        self.was_in_transaction = False

    def check_real_name(self, request_id: str, name: str, id_number: str) -> RealNameResult:
        self.asked.append((request_id, name, id_number))
        # In a test that is itself a transaction the outermost block is the test's.
        self.was_in_transaction |= len(connection.savepoint_ids) > 0
        if self.refuses:
            raise IdentityRefused("PARAM_ERROR", "")
        if self.answer is None:
            raise IdentityUnanswered("silent")
        return self.answer


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Register:
    answering = Register()
    monkeypatch.setattr(verification, "identity_gateway", lambda: answering)
    return answering
