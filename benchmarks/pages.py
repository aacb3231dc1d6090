"""The same pages through three servers: the demonstration's, production's, and Django's own ASGI handler."""

import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx

from launcher import ports, stack
from launcher.supervisor import Process
from tests.live_stack import LiveStack

PAGES = {"public home": "/", "price list": "/prices/", "her visits": "/visits/"}
CLIENTS = 4
REQUESTS = 50  # a page, server and round
ROUNDS = 3
PATIENT = "13800000001"
BASE = "native ASGI"
SERVERS = {
    "production (granian, WSGI)": [
        "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "8",
        "--log-level", "warning", "hospital.wsgi:application",
    ],
    BASE: ["uvicorn", "benchmarks.native_asgi:application", "--lifespan", "off", "--no-access-log"],
}  # fmt: skip


def compare(live: LiveStack) -> None:
    """Print requests a second and the ratio to Django's own ASGI handler."""
    cookies = {"sessionid": _session_of(PATIENT, live)}
    with _server("production (granian, WSGI)", live) as granian, _server(BASE, live) as native:
        urls = {
            "demonstration (uvicorn over WSGI)": live.url,
            "production (granian, WSGI)": granian,
            BASE: native,
        }
        print(f"{'page':<14}{'server':<36}{'per second':>11}{'ratio':>8}", flush=True)
        for page, path in PAGES.items():
            _print(page, _rates(urls, path, cookies if page == "her visits" else {}))


def _print(page: str, rates: dict[str, float]) -> None:
    for server, rate in rates.items():
        print(f"{page:<14}{server:<36}{rate:>11.0f}{rate / rates[BASE]:>8.1f}", flush=True)


def _rates(urls: dict[str, str], path: str, cookies: dict[str, str]) -> dict[str, float]:
    """Median of the rounds; the servers take turns, so that a slow moment of the machine hits all of them."""
    rates: dict[str, list[float]] = defaultdict(list)
    for _round in range(ROUNDS):
        for server, url in urls.items():
            rates[server].append(_rate(f"{url}{path}", cookies))
    return {server: statistics.median(found) for server, found in rates.items()}


def _rate(url: str, cookies: dict[str, str]) -> float:
    """Answers of 200 a second with ``CLIENTS`` asking at once."""
    with httpx.Client(timeout=30, cookies=cookies) as client, ThreadPoolExecutor(CLIENTS) as pool:

        def ask(_number: int) -> None:
            answer = client.get(url)
            if answer.status_code != 200:
                raise RuntimeError(f"{url} answered {answer.status_code}")

        list(pool.map(ask, range(CLIENTS * 3)))  # connections and caches warm
        began = time.perf_counter()
        list(pool.map(ask, range(REQUESTS)))
        return REQUESTS / (time.perf_counter() - began)


@contextmanager
def _server(name: str, live: LiveStack) -> Iterator[str]:
    """Another server over the same database; gives its address."""
    port = ports.any_free()
    program, *rest = SERVERS[name]
    command = [sys.executable, "-m", program, *rest, "--host", ports.LOOPBACK, "--port", str(port)]
    log = live.log_dir / f"{program}.log"
    process = Process(name=program, command=command, env=live.env, log=log, cwd=Path(stack.ROOT))
    process.start()
    try:
        url = f"http://{ports.LOOPBACK}:{port}"
        _wait(url)
        yield url
    finally:
        process.kill()


def _wait(url: str, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            httpx.get(f"{url}/healthz", timeout=2).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(url)


def _session_of(mobile: str, live: LiveStack) -> str:
    """A session of a patient of the demonstration, opened in the database."""
    os.environ.update(live.env)
    import django  # noqa: PLC0415 - only now the environment names the database

    django.setup()
    from django.test import Client  # noqa: PLC0415

    from accounts.models import User  # noqa: PLC0415

    client = Client()
    user = User.objects.with_mobile(mobile).get()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return str(client.cookies["sessionid"].value)
