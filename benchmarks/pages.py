"""The same pages through three servers: the demonstration's, production's, and Django's own ASGI handler."""

import os
import statistics
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks import processor
from launcher import ports, stack
from launcher.supervisor import Process
from tests.live_stack import LiveStack

PAGES = {"public home": "/", "price list": "/prices/", "her visits": "/visits/"}
CLIENTS = 4
REQUESTS = 40  # a page, server and round
ROUNDS = 3
PATIENT = "13800000001"
BASE = "native ASGI"
PRODUCTION = "production (granian, WSGI)"
SERVERS = {
    PRODUCTION: [
        "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "8",
        "--log-level", "warning", "hospital.wsgi:application",
    ],
    BASE: ["uvicorn", "benchmarks.native_asgi:application", "--lifespan", "off", "--no-access-log"],
}  # fmt: skip


@dataclass
class Served:
    """A server and what it has cost so far."""

    name: str
    url: str
    pid: int
    rates: list[float] = field(default_factory=list)
    """Answers a second, one for each round."""
    costs: list[float] = field(default_factory=list)
    """Milliseconds of processor time for an answer; hardly moved by what else the machine does."""


def compare(live: LiveStack) -> None:
    """Print rates and processor time, and the ratios to Django's own ASGI handler."""
    cookies = {"sessionid": _session_of(PATIENT, live)}
    with _server(PRODUCTION, live) as production, _server(BASE, live) as native:
        addresses = {
            "demonstration (uvicorn over WSGI)": (live.url, _pid_of(live.processes["web"])),
            PRODUCTION: production,
            BASE: native,
        }
        print(
            f"{'page':<13}{'server':<35}{'per second':>10}{'ratio':>7}{'CPU ms':>8}{'ratio':>7}", flush=True
        )
        for page, path in PAGES.items():
            servers = [Served(name, url, pid) for name, (url, pid) in addresses.items()]
            _take_turns(servers, path, cookies if page == "her visits" else {})
            _print(page, servers)


def _print(page: str, servers: list[Served]) -> None:
    rates = [statistics.median(server.rates) for server in servers]
    costs = [statistics.median(server.costs) for server in servers]
    for server, rate, cost in zip(servers, rates, costs, strict=True):
        figures = f"{rate:>10.0f}{rate / rates[-1]:>7.1f}{cost:>8.1f}{cost / costs[-1]:>7.2f}"
        print(f"{page:<13}{server.name:<35}{figures}", flush=True)


def _take_turns(servers: list[Served], path: str, cookies: dict[str, str]) -> None:
    """Round after round, so that a slow moment of the machine hits every server."""
    for _round in range(ROUNDS):
        for server in servers:
            _ask(server, path, cookies)


def _ask(server: Served, path: str, cookies: dict[str, str]) -> None:
    """One round of answers of 200 with ``CLIENTS`` asking at once."""
    url = f"{server.url}{path}"
    with httpx.Client(timeout=30, cookies=cookies) as client, ThreadPoolExecutor(CLIENTS) as pool:

        def ask(_number: int) -> None:
            answer = client.get(url)
            if answer.status_code != 200:
                raise RuntimeError(f"{url} answered {answer.status_code}")

        list(pool.map(ask, range(CLIENTS * 3)))  # connections and caches warm
        began, spent = time.perf_counter(), processor.seconds_of(server.pid)
        list(pool.map(ask, range(REQUESTS)))
        server.rates.append(REQUESTS / (time.perf_counter() - began))
        server.costs.append((processor.seconds_of(server.pid) - spent) * 1000 / REQUESTS)


def _pid_of(process: Process) -> int:
    if process.child is None:
        raise RuntimeError(f"{process.name} does not run")
    return process.child.pid


@contextmanager
def _server(name: str, live: LiveStack) -> Iterator[tuple[str, int]]:
    """Another server over the same database; gives its address and process."""
    port = ports.any_free()
    program, *rest = SERVERS[name]
    command = [sys.executable, "-m", program, *rest, "--host", ports.LOOPBACK, "--port", str(port)]
    log = live.log_dir / f"{program}.log"
    process = Process(name=program, command=command, env=live.env, log=log, cwd=Path(stack.ROOT))
    process.start()
    try:
        url = f"http://{ports.LOOPBACK}:{port}"
        _wait(url)
        yield url, _pid_of(process)
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
