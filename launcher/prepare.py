"""Brings database, translations and static files up to date; does again only what changed.

Runs as ``python -m launcher.prepare`` in a process of its own, under the product's settings, so that the supervisor
holds neither Django nor a database connection.
"""

import hashlib
import importlib
from collections.abc import Callable, Iterable
from io import StringIO
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connection
from django.utils import timezone
from django.utils.translation import trans_real

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    django.setup()
    stamps = Path(settings.VAR_DIR) / "stamps"
    stamps.mkdir(parents=True, exist_ok=True)
    database = _database_identity()
    today = timezone.localdate().isoformat()
    packages = _content([ROOT / "requirements.txt"])
    migrations = _content(ROOT.glob("*/migrations/*.py"))
    tariffs = sorted((ROOT / "pricing" / "tariffs").glob("*.yaml"))
    seeds = _content([*ROOT.glob("*/management/commands/load_*.py"), *ROOT.glob("*/demo/**/*"), *tariffs])
    static = _names(path for place in (ROOT / "static", *ROOT.glob("*/static")) for path in place.rglob("*"))
    messages = _content(ROOT.glob("locale/*/LC_MESSAGES/*.po"))

    _once(stamps / "messages", [messages], _compile_messages)
    _once(stamps / "static", [packages, static], _collect_static)
    _once(stamps / "database", [database, packages, migrations], _migrate)
    _once(stamps / "tariffs", [database, seeds], lambda: _call("load_tariff", *map(str, tariffs)))
    # Once a day too: the demonstration needs free places in the coming days. Loading adds only what is missing.
    _once(stamps / "demo", [database, seeds, today], lambda: _call("load_demo"))


def _once(stamp: Path, state: list[str], action: Callable[[], None]) -> None:
    wanted = "\n".join(state)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    action()
    stamp.write_text(wanted)


def _database_identity() -> str:
    """Name the database beyond doubt: an emptied var/ or another DATABASE_URL must not pass for done."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT system_identifier::text || '/' || (SELECT oid FROM pg_database WHERE datname = current_database())"
            " FROM pg_control_system()"
        )
        identity: str = cursor.fetchone()[0]
        return identity


def _content(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in paths if path.is_file()):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _names(paths: Iterable[Path]) -> str:
    """Like ``_content``, by size and time of change: for directories too large to read at every start."""
    files = sorted(path for path in paths if path.is_file())
    facts = (f"{path.relative_to(ROOT)} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files)
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def _compile_messages() -> None:
    _call("translations", "--compile")
    # This process read the catalogues before they were compiled, and loads texts into the database later.
    trans_real._translations.clear()  # type: ignore[attr-defined]  # noqa: SLF001  # has no public way
    importlib.invalidate_caches()


def _collect_static() -> None:
    _call("collectstatic", "--no-input", "--clear", "--verbosity", "0")


def _migrate() -> None:
    _call("migrate", "--no-input", "--verbosity", "0")


def _call(name: str, *arguments: str) -> None:
    if name in get_commands():
        print(f"  {name} ...", flush=True)
        call_command(name, *arguments, stdout=StringIO())  # what went wrong goes to stderr


if __name__ == "__main__":
    main()
