"""Shared by the tests of sign-in: a moment, clean counters, a gateway that writes down what it is given."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import pytest
import redis
from django.conf import settings

from accounts.gateway.port import SmsUnanswered
from accounts.operations import texts
from kernel.crypto import decrypt
from kernel.models import OutboxJob

AT = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


class WrittenDown:
    """A text message gateway for tests; ``silent`` makes it answer nothing."""

    def __init__(self) -> None:
        self.sent: dict[str, tuple[str, str, dict[str, str]]] = {}
        self.silent = False

    def send(self, request_id: str, mobile: str, template: str, params: Mapping[str, str]) -> None:
        if self.silent:
            raise SmsUnanswered("silent")
        self.sent[request_id] = (mobile, template, dict(params))


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> WrittenDown:
    written = WrittenDown()
    monkeypatch.setattr(texts, "sms_gateway", lambda: written)
    return written


@pytest.fixture(autouse=True)
def _clean_counters() -> Iterator[None]:
    forget_limits()
    yield
    forget_limits()


def forget_limits(pattern: str = "limit:*") -> None:
    """Nobody has asked for anything yet."""
    store = redis.Redis.from_url(settings.REDIS_URL)
    for key in store.scan_iter(pattern):
        store.delete(key)


def digits_sent() -> str:
    """The digits in the job that sends the newest code."""
    job = OutboxJob.objects.filter(task_name="accounts.send_code").latest("pk")
    return decrypt(job.arguments["sealed_digits"])
