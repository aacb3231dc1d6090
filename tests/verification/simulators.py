"""The simulators as a process of their own, for tests that talk to them over HTTP."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from launcher import databases, ports, stack
from simulators import keys
from tests import migrated

READY_WITHIN_SECONDS = 30
COMMAND = (sys.executable, "-m", "simulators")
CLIENT = httpx.Client(timeout=30, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))
"""One for all, for making one is dear; it keeps no connection to a process that a test may have killed."""


@dataclass
class Simulators:
    """Running simulators. ``url`` has no slash at the end; ``keys`` are those they expect of the hospital."""

    url: str
    keys: keys.DemoKeys
    env: dict[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start the process and wait until it answers."""
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [*COMMAND, "serve"], cwd=stack.ROOT, env=self.env, stdout=log, stderr=log
            )
        until = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            if _answers(self.url):
                return
            time.sleep(0.05)
        raise AssertionError(f"The simulators did not start:\n{self.log.read_text()[-3000:]}")

    def kill(self) -> None:
        """End the process at once, in the middle of whatever it does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def control(self, simulator: str, verb: str, /, **fields: Any) -> dict[str, Any]:
        """Post to one simulator's control page, for example ``control("wechatpay", "faults", kind=…)``."""
        answer = CLIENT.post(f"{self.url}/{simulator}/control/{verb}/", json=fields)
        assert answer.is_success, answer.text
        return dict(answer.json())

    def holdings(self, simulator: str, **query: str) -> dict[str, Any]:
        """What one simulator holds."""
        answer = CLIENT.get(
            f"{self.url}/{simulator}/control/", params=query, headers={"Accept": "application/json"}
        )
        assert answer.is_success, answer.text
        return dict(answer.json())


@contextmanager
def running(home: Path) -> Iterator[Simulators]:
    """Start them on a free port with a database and keys of their own; end them afterwards."""
    made = keys.ensure(home / "keys")
    port = ports.any_free()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    # Two sets may run at once in one session; each delivers only what it holds itself.
    database = databases.named(os.environ["DATABASE_URL"], f"xinglin_verification_{worker}_{port}")
    migrated.simulators(database)
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"} | {
        **made.settings,
        "SIMULATORS_DATABASE_URL": database,
        "SIMULATORS_KEYS_DIR": str(made.directory),
        "SIMULATORS_PORT": str(port),
    }
    started = Simulators(
        url=f"http://{ports.LOOPBACK}:{port}", keys=made, env=env, log=home / "simulators.log"
    )
    started.start()
    try:
        yield started
    finally:
        started.kill()


def _answers(url: str) -> bool:
    try:
        return CLIENT.get(f"{url}/healthz", timeout=2).is_success
    except httpx.HTTPError:
        return False
