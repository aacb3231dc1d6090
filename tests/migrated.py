"""Databases as the migrations leave them: migrated once into a template of the cluster, then copied in a moment.

Migrating takes half a minute of work, a copy a second. The template stays in the cluster for later runs and is known by
what it was made of, so that a changed migration makes another one.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from launcher import databases

ROOT = Path(__file__).resolve().parents[1]
PREFIX = "xinglin_template_"
PRODUCT = ("requirements.txt", "*/migrations/*.py", "*/catalogue/**/*.*")
"""What a migrated database is made of, as patterns below the project."""
SIMULATORS = ("requirements.txt", "simulators/**/*.py")


def product(url: str) -> None:
    """Make the database of this address anew, with the product's tables."""
    _copy(url, "product", PRODUCT, ("manage.py", "migrate", "-v", "0"), "DATABASE_URL")


def simulators(url: str) -> None:
    """Make the database of this address anew, with the simulators' tables and first people."""
    _copy(
        url, "simulators", SIMULATORS, ("-m", "simulators", "migrate", "-v", "0"), "SIMULATORS_DATABASE_URL"
    )


def _copy(url: str, kind: str, patterns: tuple[str, ...], migrating: tuple[str, ...], variable: str) -> None:
    template = databases.named(url, f"{PREFIX}{kind}_{_content(patterns)}")
    with _one_at_a_time(url):
        if not _exists(template):
            _forget(url, kind)
            unfinished = databases.named(url, f"{PREFIX}{kind}")
            databases.recreate(unfinished)
            _migrate(migrating, {variable: unfinished})
            databases.rename(unfinished, to=template)
        databases.drop(url)
        databases.copy(template, to=url)


def _migrate(command: tuple[str, ...], given: Mapping[str, str]) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")} | dict(given)
    if "simulators" in command:
        del env["DJANGO_SETTINGS_MODULE"]
    subprocess.run([sys.executable, *command], cwd=ROOT, env=env, check=True)


def _content(patterns: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for pattern in patterns for path in ROOT.glob(pattern)):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _one_at_a_time(url: str) -> Iterator[None]:
    """The workers of a run ask for the same template; the first makes it, the others wait."""
    with closing(psycopg2.connect(databases.named(url, "postgres"))) as connection:
        connection.cursor().execute("SELECT pg_advisory_lock(hashtext(%s))", [PREFIX])
        yield


def _exists(url: str) -> bool:
    return bool(_named_like(url, urlsplit(url).path.lstrip("/")))


def _forget(url: str, kind: str) -> None:
    """Drop what was made of other migrations."""
    for name in _named_like(url, f"{PREFIX}{kind}%"):
        databases.drop(databases.named(url, name))


def _named_like(url: str, pattern: str) -> list[str]:
    statement = "SELECT datname FROM pg_database WHERE datname LIKE %s"
    return [str(name) for (name,) in databases.query(databases.named(url, "postgres"), statement, pattern)]
