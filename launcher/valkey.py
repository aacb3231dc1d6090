"""A Valkey server of our own: broker, cache and channel layer."""

import signal
import socket
import subprocess
import time
from pathlib import Path

from launcher import binaries, ports, processes

START_TIMEOUT = 10.0  # seconds
DATABASES = 64  # numbered; tests use one for each worker


class ValkeyFailed(RuntimeError):
    """Valkey did not start; the message holds the end of its log."""


class Valkey:
    """One server in one directory. ``quick`` writes nothing to disk, for tests."""

    def __init__(self, home: Path, *, quick: bool = False) -> None:
        self.home = home
        self.quick = quick
        self.port = 0
        self.child: subprocess.Popen[bytes] | None = None

    def start(self, *, port: int = 0) -> None:
        """Start on this port, or on a free one.

        Raises:
            ValkeyFailed: it ended or did not answer in time.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        log = self.home / "valkey.log"
        for _attempt in range(3):
            self.port = port or ports.any_free()
            options = ["--port", str(self.port), "--bind", ports.LOOPBACK, "--dir", str(self.home)]
            options += ["--databases", str(DATABASES), "--save", *([""] if self.quick else ["60", "1"])]
            with log.open("wb") as output:
                self.child = processes.start([binaries.valkey_server(), *options], output=output)
            if self._answers_in_time():
                return
            self.stop()
        raise ValkeyFailed(f"Valkey did not start:\n{log.read_text(errors='replace')[-2000:]}")

    def stop(self) -> None:
        """Save, unless ``quick``, and stop."""
        if self.child is not None:
            processes.stop(self.child, how=signal.SIGTERM, wait=10)
            self.child = None

    def kill(self) -> None:
        """End at once, as a power cut would; what was not saved is lost."""
        if self.child is not None:
            processes.kill_group(self.child)
            self.child = None

    def url(self, number: int = 0) -> str:
        """Return the address of one of the numbered databases."""
        return f"redis://{ports.LOOPBACK}:{self.port}/{number}"

    def _answers_in_time(self) -> bool:
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline and self.child is not None and self.child.poll() is None:
            try:
                with socket.create_connection((ports.LOOPBACK, self.port), timeout=1) as connection:
                    connection.sendall(b"PING\r\n")
                    if connection.recv(16).startswith(b"+PONG"):
                        return True
            except OSError:
                pass
            time.sleep(0.02)
        return False
