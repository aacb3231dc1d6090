"""``make run`` from an empty directory: start, a port in use, Ctrl-C, a second start."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from launcher import ports, readiness, stack

pytestmark = pytest.mark.xdist_group("launcher")


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind((ports.LOOPBACK, 0))
        taken.listen()
        yield taken.getsockname()[1]


@pytest.fixture
def var() -> Iterator[Path]:
    """An empty data directory that PostgreSQL's user can enter; pytest's own are closed to everybody else."""
    parent = stack.ROOT / "var" / "test"
    parent.mkdir(parents=True, exist_ok=True)
    directory = Path(tempfile.mkdtemp(prefix="run-", dir=parent))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree((directory / "postgres").resolve(), ignore_errors=True)
    shutil.rmtree(directory)


def _environment(var: Path, port: int) -> dict[str, str]:
    ours = {
        "DATABASE_URL",
        "SIMULATORS_DATABASE_URL",
        "REDIS_URL",
        "DJANGO_SETTINGS_MODULE",
        "DJANGO_ALLOW_ASYNC_UNSAFE",
    }
    inherited = {name: value for name, value in os.environ.items() if name not in ours}
    return inherited | {"VAR_DIR": str(var), "PORT": str(port), "SIMULATORS_PORT": str(ports.any_free())}


@contextlib.contextmanager
def _running(var: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], str, list[str]]]:
    """Run the product and give the process, its address, and what it printed until it was ready."""
    command = [sys.executable, "-m", "launcher", "run"]
    with subprocess.Popen(
        command,
        cwd=stack.ROOT,
        env=_environment(var, port),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as launcher:
        assert launcher.stdout is not None
        lines: list[str] = []
        for line in launcher.stdout:
            lines.append(line)
            if found := re.search(r"(http://\S+)   \(ready", line):
                break
        else:
            raise AssertionError("It ended before it was ready:\n" + "".join(lines))
        try:
            yield launcher, found.group(1), lines
        finally:
            if launcher.poll() is None:
                launcher.send_signal(signal.SIGINT)


def _processes_of(var: Path) -> list[str]:
    """Return the command lines of processes that belong to this ``var``."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            environment = (place / "environ").read_bytes()
            command = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            if command and (f"VAR_DIR={var}".encode() in environment or str(var) in command):
                found.append(command)
    return found


def _failing(url: str) -> list[str]:
    """Return what still fails after ten seconds; a part may miss its one second while tests run beside it."""
    return readiness.wait_until_ready(url, between=lambda: True, timeout=10)


def test_ctrl_c_leaves_nothing_behind_and_the_second_start_is_quick(var: Path) -> None:
    with _running(var, ports.any_free()) as (launcher, url, _lines):
        assert _failing(url) == []
        launcher.send_signal(signal.SIGINT)
        assert launcher.wait(30) == 0
    assert _processes_of(var) == []

    began = time.monotonic()
    with _running(var, ports.any_free()) as (_launcher, url, lines):
        took = time.monotonic() - began
        assert _failing(url) == []
    assert not any("migrate" in line for line in lines)
    # Ten seconds are promised on an idle machine; tests run beside each other.
    assert took < 25


def test_a_port_in_use_is_named_and_passed_over(var: Path, taken_port: int) -> None:
    with _running(var, taken_port) as (_launcher, url, lines):
        assert f":{taken_port}" not in url
        assert any(f"Port {taken_port} is in use" in line for line in lines)
        assert httpx.get(f"{url}/healthz").text == "ok"

        second = subprocess.run(
            [sys.executable, "-m", "launcher", "run"],
            cwd=stack.ROOT,
            env=_environment(var, taken_port),
            capture_output=True,
            text=True,
            check=False,
        )
    assert second.returncode == 1
    assert "already running" in second.stderr
    assert "Traceback" not in second.stderr
