"""Empty the database between tests that commit, without the seconds that truncating every table takes."""

from typing import Any

from django.db import connections
from django.test import TransactionTestCase

KEPT = {"django_migrations", "django_content_type", "auth_permission"}
"""What migrating fills in; Django would delete and create it again after each test."""

_flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # not in the stubs


def install() -> None:
    """Take the place of Django's flush for every test that commits."""
    TransactionTestCase._fixture_teardown = _empty  # type: ignore[attr-defined]


def _empty(case: Any) -> None:
    for name in case._databases_names(include_mirrors=False):
        with connections[name].cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            if not cursor.fetchone()[0]:
                _flush(case)
                return
            _delete_rows(cursor, sorted(set(connections[name].introspection.table_names(cursor)) - KEPT))


def _delete_rows(cursor: Any, tables: list[str]) -> None:
    """From the tables that hold any, in whatever order, append-only ones included."""
    held = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")" for table in tables
    )
    cursor.execute(held)
    deleting = [f'DELETE FROM "{table}"' for (table,) in cursor.fetchall()]
    if deleting:
        # As a replica the database asks neither triggers nor foreign keys.
        cursor.execute(
            "; ".join(["SET session_replication_role = replica", *deleting, "RESET session_replication_role"])
        )
