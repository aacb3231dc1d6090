"""Databases on a PostgreSQL server, by address."""

from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql


def named(url: str, name: str) -> str:
    """Return the address of another database on the same server."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, f"/{name}", parts.query, ""))


def ensure(url: str) -> None:
    """Create the database of this address unless it exists."""
    server, name = named(url, "postgres"), _name(url)
    if not query(server, "SELECT 1 FROM pg_database WHERE datname = %s", name):
        _command(server, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def recreate(url: str) -> None:
    """Make the database of this address anew and empty, whoever is connected to it."""
    drop(url)
    ensure(url)


def drop(url: str) -> None:
    """Drop the database of this address with everybody in it; nothing happens when there is none."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(_name(url)))
    _command(named(url, "postgres"), statement)


def copy(url: str, *, to: str) -> None:
    """Make the database at ``to`` as a copy of another one, which nobody may be connected to."""
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    _command(named(url, "postgres"), statement.format(sql.Identifier(_name(to)), sql.Identifier(_name(url))))


def rename(url: str, *, to: str) -> None:
    """Give the database of this address the name of the other; nobody may be connected to it."""
    statement = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    _command(named(url, "postgres"), statement.format(sql.Identifier(_name(url)), sql.Identifier(_name(to))))


def query(url: str, statement: str, *values: object) -> list[tuple[object, ...]]:
    """Return the rows that one statement gives, in a connection of its own."""
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())
    finally:
        connection.close()


def _command(url: str, statement: sql.Composed) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True  # PostgreSQL creates and drops databases outside transactions only
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()


def _name(url: str) -> str:
    return urlsplit(url).path.lstrip("/")
