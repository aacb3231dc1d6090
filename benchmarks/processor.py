"""Seconds of the processor that a process and all it has started have taken."""

import os
from pathlib import Path

from django.db import connection


def seconds_of(pid: int) -> float:
    """Of a process, those it has started, and those of them that have ended."""
    fields = _fields_of(pid)
    own = sum(int(fields[place]) for place in (11, 12, 13, 14)) / os.sysconf("SC_CLK_TCK")
    started = " ".join(path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children"))
    return own + sum(seconds_of(int(child)) for child in started.split())


def database_pid() -> int:
    """The server that this process is connected to, when it runs on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    return int(_fields_of(backend)[1])


def _fields_of(pid: int) -> list[str]:
    """``/proc/PID/stat`` behind the program's name: its state, its parent, …"""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
