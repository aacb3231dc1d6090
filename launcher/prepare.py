"""Brings database, translations and static files up to date; does again only what changed.

Runs as ``python -m launcher.prepare`` in a process of its own, under the product's settings, so that the supervisor
holds neither Django nor a database connection. Django is loaded only when there is something to do: on most starts
there is nothing.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from io import StringIO
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

import django
from django.core.management import call_command, get_commands

from launcher import databases

ROOT = Path(__file__).resolve().parents[1]
# What the first data are made of, besides the tariffs.
SEEDS = ("*/demo.py", "*/demo/**/*.*", "*/catalogue/**/*.*", "*/management/commands/load_*.py")
IDENTITY = """
    SELECT system_identifier::text || '/' || (SELECT oid FROM pg_database WHERE datname = current_database())
    FROM pg_control_system()
"""


def main() -> None:
    var = Path(os.environ["VAR_DIR"])
    stamps = var / "stamps"
    stamps.mkdir(parents=True, exist_ok=True)
    # Which database this is, beyond doubt: an emptied var/ or another DATABASE_URL must not pass for done.
    database = _database_identity(os.environ["DATABASE_URL"])
    simulators = _database_identity(os.environ["SIMULATORS_DATABASE_URL"])
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()
    packages = _content([ROOT / "requirements.txt"])
    tariffs = sorted((ROOT / "pricing" / "tariffs").glob("*.yaml"))
    seeds = _content(chain(tariffs, *(ROOT.glob(pattern) for pattern in SEEDS)))
    sources = [place for place in (ROOT / "static", *ROOT.glob("*/static")) if place.parent.name != "var"]
    static = _names(path for place in sources for path in place.rglob("*"))
    texts = sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po"))

    compiled = [path.with_suffix(".mo") for path in texts]
    _once(stamps / "messages", [_content(texts)], _compile_messages, results=compiled)
    _once(stamps / "static", [packages, static], _collect_static, results=[var / "static"])
    migrations = _content(ROOT.glob("simulators/**/migrations/*.py"))
    _once(stamps / "simulators", [simulators, packages, migrations], _migrate_simulators)
    migrations = _content(ROOT.glob("*/migrations/*.py"))
    _once(stamps / "database", [database, packages, migrations], _migrate)
    _once(stamps / "tariffs", [database, seeds], lambda: _call("load_tariff", *map(str, tariffs)))
    # Once a day too: the demonstration needs free places in the coming days. Loading adds only what is missing.
    _once(stamps / "demo", [database, seeds, today], lambda: _call("load_demo"))


def _once(stamp: Path, state: list[str], action: Callable[[], None], results: Iterable[Path] = ()) -> None:
    wanted = "\n".join(state)
    if stamp.exists() and stamp.read_text() == wanted and all(path.exists() for path in results):
        return
    action()
    stamp.write_text(wanted)


def _database_identity(url: str) -> str:
    return str(databases.query(url, IDENTITY)[0][0])


def _content(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in paths if path.is_file() and path.suffix != ".pyc"):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _names(paths: Iterable[Path]) -> str:
    """Like ``_content``, by size and time of change: for directories too large to read at every start."""
    files = sorted(path for path in paths if path.is_file())
    facts = (f"{path.relative_to(ROOT)} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files)
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def _compile_messages() -> None:
    # In a process of its own: Django reads the catalogues when it starts, and what is loaded later is translated.
    if any(ROOT.glob("locale/*/LC_MESSAGES/*.po")):
        _run("manage.py", "translations", "--compile")


def _collect_static() -> None:
    _call("collectstatic", "--no-input", "--clear", "--verbosity", "0")


def _migrate_simulators() -> None:
    _run("-m", "simulators", "migrate", "-v", "0")


def _run(*arguments: str) -> None:
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, check=False, stdout=subprocess.DEVNULL)
    if done.returncode != 0:
        sys.exit(done.returncode)  # it has said itself what went wrong


def _migrate() -> None:
    _call("migrate", "--no-input", "--verbosity", "0")


def _call(name: str, *arguments: str) -> None:
    django.setup()  # does nothing the second time
    if name in get_commands():
        print(f"  {name} ...", flush=True)
        call_command(name, *arguments, stdout=StringIO())  # what went wrong goes to stderr


if __name__ == "__main__":
    main()
