"""Keeps the product's processes running until somebody says stop."""

import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from launcher import processes

FIRST_PAUSE = 1.0  # seconds before the first restart of a child that ended; doubles each time
LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0  # seconds of life after which a child counts as healthy again
LOG_LIMIT = 10_000_000  # bytes; a longer log is put aside at the next start


@dataclass
class Process:
    """One process to keep running, and how it fares."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    log: Path
    cwd: Path
    grace: float = 6.0  # seconds between asking it to end and killing it
    child: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    started: float = 0.0
    pause: float = FIRST_PAUSE
    restart_at: float | None = None

    def start(self) -> None:
        """Start it; what it prints goes to its log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.old"))
        with self.log.open("ab") as output:
            self.child = processes.start(self.command, env=self.env, cwd=self.cwd, output=output)
        self.started = time.monotonic()
        self.restart_at = None

    def stop(self) -> None:
        """Ask it to end, and kill it when it does not."""
        if self.child is not None:
            processes.stop(self.child, wait=self.grace)
        self.child = None

    def kill(self) -> None:
        """End it at once, as SIGKILL or a power cut would."""
        if self.child is not None:
            processes.kill_group(self.child)
        self.child = None

    def look_after(self, now: float) -> str | None:
        """Restart it when it ended and its pause is over; return what to tell the person, if anything."""
        if self.restart_at is not None:
            if now >= self.restart_at:
                self.start()
            return None
        if self.child is None or self.child.poll() is None:
            return None
        code = self.child.returncode
        processes.kill_group(self.child)
        self.pause = FIRST_PAUSE if now - self.started > STEADY_AFTER else min(self.pause * 2, LONGEST_PAUSE)
        self.restart_at = now + self.pause
        ended = f"{self.name} ended (exit {code}), starting it again in {self.pause:.0f} s; see {self.log}"
        return f"{ended}\n    {self.last_words()}"

    def last_words(self) -> str:
        """Return the last line of its log, most often the error that ended it."""
        lines = self.log.read_text(errors="replace")[-2000:].strip().splitlines()
        return lines[-1] if lines else ""


class Supervisor:
    """Starts processes in order, restarts those that end, stops all in the reverse order."""

    def __init__(self, watched: Sequence[Process]) -> None:
        self.watched = list(watched)
        self.asked_to_stop = threading.Event()

    def listen_for_signals(self) -> None:
        """Take Ctrl-C, SIGTERM and a closed terminal as the wish to stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.asked_to_stop.set()

    def start(self) -> None:
        for process in self.watched:
            process.start()

    def watch(self) -> None:
        """Return when asked to stop."""
        while not self.asked_to_stop.wait(0.3):
            self.look_after_all()

    def look_after_all(self) -> bool:
        """Restart what ended and say so; return False once asked to stop."""
        for process in self.watched:
            message = process.look_after(time.monotonic())
            if message:
                print(message, flush=True)
        return not self.asked_to_stop.is_set()

    def stop(self) -> None:
        """Ask all to end at once, then wait for each: stopping takes as long as the slowest."""
        for process in reversed(self.watched):
            if process.child is not None and process.child.poll() is None:
                process.child.terminate()
        for process in reversed(self.watched):
            process.stop()
