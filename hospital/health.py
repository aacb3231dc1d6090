"""Whether this process lives, and whether the whole product can serve."""

from collections.abc import Callable
from functools import lru_cache

import httpx
import redis
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from hospital.celery import WORKER_SEEN_KEY

TIMEOUT = 1.0  # seconds, for each part


@lru_cache(maxsize=1)
def _simulators() -> httpx.Client:
    """Return the client that the health checks share; making one costs more than asking."""
    return httpx.Client(base_url=settings.SIMULATORS_URL, timeout=TIMEOUT)


@lru_cache(maxsize=1)
def broker() -> redis.Redis:
    """Return the connection to Valkey that the health checks share."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)


@never_cache
def lives(request: HttpRequest) -> HttpResponse:
    """Answer as long as the process does; asks no other part."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when database, broker, worker and simulators all answer, else 503 naming what does not."""
    parts = {name: _answers(check) for name, check in _checks().items()}
    failing = sorted(name for name, works in parts.items() if not works)
    state = {"ready": not failing, "parts": parts, "failing": failing}
    return JsonResponse(state, status=503 if failing else 200)


def _checks() -> dict[str, Callable[[], bool]]:
    checks = {"database": _database_answers, "broker": _broker_answers, "worker": worker_was_seen}
    if settings.SIMULATORS_URL:
        checks["simulators"] = _simulators_answer
    return checks


def _answers(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:  # noqa: BLE001  # whatever went wrong, this part does not serve
        return False


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _broker_answers() -> bool:
    return bool(broker().ping())


def worker_was_seen() -> bool:
    return bool(broker().exists(WORKER_SEEN_KEY))


def _simulators_answer() -> bool:
    return _simulators().get("/healthz").status_code == 200
