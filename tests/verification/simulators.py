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

READY_WITHIN_SECONDS = 30


@dataclass(frozen=True)
class Simulators:
    """Running simulators. ``url`` has no slash at the end; ``keys`` are those they expect of the hospital."""

    url: str
    keys: keys.DemoKeys

    def control(self, simulator: str, verb: str, /, **fields: Any) -> dict[str, Any]:
        """Post to one simulator's control page, for example ``control("wechatpay", "faults", kind=…)``."""
        answer = httpx.post(f"{self.url}/{simulator}/control/{verb}/", json=fields, timeout=30)
        assert answer.is_success, answer.text
        return dict(answer.json())

    def holdings(self, simulator: str, **query: str) -> dict[str, Any]:
        """What one simulator holds."""
        answer = httpx.get(
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
    database = databases.named(os.environ["DATABASE_URL"], f"xinglin_verification_{worker}")
    databases.recreate(database)
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"} | {
        **made.settings,
        "SIMULATORS_DATABASE_URL": database,
        "SIMULATORS_KEYS_DIR": str(made.directory),
        "SIMULATORS_PORT": str(port),
    }
    command = [sys.executable, "-m", "simulators"]
    subprocess.run([*command, "migrate", "-v", "0"], cwd=stack.ROOT, env=env, check=True)
    with (home / "simulators.log").open("w") as log:
        process = subprocess.Popen([*command, "serve"], cwd=stack.ROOT, env=env, stdout=log, stderr=log)
    try:
        url = f"http://{ports.LOOPBACK}:{port}"
        _wait_for(url, process, home / "simulators.log")
        yield Simulators(url=url, keys=made)
    finally:
        process.kill()
        process.wait()


def _wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"{url}/healthz", timeout=2).is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"The simulators did not start:\n{log.read_text()[-3000:]}")
