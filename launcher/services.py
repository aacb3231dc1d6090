"""Database and broker together: those named by the environment, else our own."""

import fcntl
import os
import shutil
from collections.abc import Iterator, MutableMapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from launcher import databases
from launcher.postgres import Postgres
from launcher.valkey import Valkey

DATABASE = "xinglin"
SIMULATORS_DATABASE = "xinglin_simulators"


@contextmanager
def running(var: Path, *, environ: MutableMapping[str, str], quick: bool = False) -> Iterator[None]:
    """Start what the environment does not name, and name it there, until the block ends.

    Sets DATABASE_URL, SIMULATORS_DATABASE_URL and REDIS_URL in ``environ`` unless they are set.
    """
    with ExitStack() as stack:
        if not environ.get("REDIS_URL"):
            valkey = Valkey(var / "valkey", quick=quick)
            stack.callback(valkey.stop)
            valkey.start()
            environ["REDIS_URL"] = valkey.url()
        if not environ.get("DATABASE_URL"):
            postgres = Postgres(var / "postgres", quick=quick)
            stack.callback(postgres.stop)
            postgres.start()
            for variable, name in (
                ("DATABASE_URL", DATABASE),
                ("SIMULATORS_DATABASE_URL", SIMULATORS_DATABASE),
            ):
                if not environ.get(variable):
                    environ[variable] = postgres.url(name)
                    databases.ensure(environ[variable])
        elif not environ.get("SIMULATORS_DATABASE_URL"):
            environ["SIMULATORS_DATABASE_URL"] = databases.named(environ["DATABASE_URL"], SIMULATORS_DATABASE)
            databases.ensure(environ["SIMULATORS_DATABASE_URL"])
        yield


@contextmanager
def borrowed_directory(parent: Path) -> Iterator[Path]:
    """Lend the first test directory under ``parent`` that no other run uses: 1, 2, 3, ...

    The cluster in it stays for the next run, which saves creating one; two runs at once never share.
    """
    parent.mkdir(parents=True, exist_ok=True)
    for number in range(1, 100):
        lock = (parent / f"{number}.lock").open("w")
        if _locked(lock):
            with lock:
                yield parent / str(number)
            return
        lock.close()
    raise RuntimeError(f"More than 99 test runs use {parent} at once.")


def _locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def for_tests(var: Path, *, environ: MutableMapping[str, str] = os.environ) -> Iterator[None]:
    """Start a quick database and broker in a borrowed directory, for tests."""
    with borrowed_directory(var / "test") as home:
        try:
            with running(home, environ=environ, quick=True):
                yield
        except Exception:
            shutil.rmtree(home, ignore_errors=True)  # a broken cluster must not spoil the next run
            raise
