"""The product as it runs for people, for the browser journeys: real web, worker, beat, simulators and databases."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from launcher import databases, demo, ports, readiness, stack
from launcher.supervisor import Process
from tests import migrated

READY_WITHIN = 180.0
"""Seconds, on a busy machine."""


@dataclass
class LiveStack:
    """A running product with demo data, and the means to disturb it.

    ``url`` and ``simulators_url`` have no slash at the end. What is changed stays for the tests that follow.
    """

    url: str
    simulators_url: str
    env: dict[str, str]
    log_dir: Path
    processes: dict[str, Process]

    def kill_worker(self) -> None:
        """End the worker with SIGKILL, in the middle of whatever it does."""
        self.processes["worker"].kill()

    def start_worker(self) -> None:
        """Start the worker again and wait until it takes jobs."""
        self._start("worker")

    def stop_simulators(self) -> None:
        """Take the insurer, WeChat Pay and the others off the air."""
        self.processes["simulators"].stop()

    def start_simulators(self) -> None:
        """Bring the simulators back, with the data they had, and wait until they answer."""
        self._start("simulators")

    def make_whole(self) -> None:
        """Start whatever a test has ended."""
        for name, process in self.processes.items():
            if process.child is None or process.child.poll() is not None:
                self._start(name)

    def restart_what_ended(self) -> None:
        """Start whatever has ended, without waiting for it."""
        for process in self.processes.values():
            if process.child is None or process.child.poll() is not None:
                process.start()

    def query(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Return rows from the product's database."""
        return databases.query(self.env["DATABASE_URL"], statement, *values)

    def query_simulators(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Return rows from the simulators' database."""
        return databases.query(self.env["SIMULATORS_DATABASE_URL"], statement, *values)

    def manage(self, *arguments: str) -> str:
        """Run a management command inside the running product's environment and return what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=stack.ROOT, env=self.env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{arguments} failed:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def log_end(self, name: str, characters: int = 3000) -> str:
        """Return the end of one process's log."""
        return self.processes[name].log.read_text(errors="replace")[-characters:]

    def _start(self, name: str) -> None:
        self.processes[name].start()
        missing = readiness.wait_until_ready(self.url, between=lambda: True, timeout=READY_WITHIN)
        assert name not in missing, f"{name} did not come back:\n{self.log_end(name)}"

    def stop(self) -> None:
        for process in reversed(self.processes.values()):
            process.kill()


def start(home: Path) -> LiveStack:
    """Start the product on free ports with two databases of its own, prepared with the demo data."""
    base = os.environ["DATABASE_URL"]
    os.environ["SIMULATORS_DATABASE_URL"] = databases.named(base, "xinglin_journey_simulators")
    database = databases.named(base, "xinglin_journey")
    migrated.product(database)
    migrated.simulators(os.environ["SIMULATORS_DATABASE_URL"])
    # The minute before the second question is five seconds.
    os.environ.setdefault("INSURANCE_ASK_AGAIN_FASTER", "12")
    broker = os.environ["REDIS_URL"].rpartition("/")[0] + "/60"
    given = {
        "DATABASE_URL": database,
        "REDIS_URL": broker,
        "DJANGO_SETTINGS_MODULE": "hospital.settings.demo",
    }
    web_port, simulators_port = ports.any_free(), ports.any_free()
    env = demo.prepare(
        home, host=ports.LOOPBACK, web_port=web_port, simulators_port=simulators_port, given=given
    )
    listed = stack.processes(env, host=ports.LOOPBACK, web_port=web_port, log_dir=home / "log")
    live = LiveStack(
        url=env["PUBLIC_BASE_URL"],
        simulators_url=env["SIMULATORS_URL"],
        env=env,
        log_dir=home / "log",
        processes={process.name: process for process in listed},
    )
    for process in listed:
        process.start()
    missing = readiness.wait_until_ready(live.url, between=lambda: True, timeout=READY_WITHIN)
    if missing:
        ends = "\n".join(f"--- {name}\n{live.log_end(name)}" for name in live.processes)
        live.stop()
        raise AssertionError(f"Not answering: {missing}\n{ends}")
    return live


@pytest.fixture(scope="session")
def _running_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveStack]:
    live = start(tmp_path_factory.mktemp("journey"))
    yield live
    live.stop()


@pytest.fixture
def live_stack(request: pytest.FixtureRequest, _running_stack: LiveStack) -> LiveStack:
    """The running product, whole at the start of each test; started once for all journeys."""
    if "PYTEST_XDIST_WORKER" in os.environ:  # two workers would take each other's database away
        assert request.node.nodeid.endswith("@journeys"), 'mark the test: pytest.mark.xdist_group("journeys")'
    _running_stack.make_whole()
    return _running_stack
