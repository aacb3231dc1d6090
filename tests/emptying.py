"""Empty the database between tests that commit, without the seconds that truncating every table takes."""

from typing import Any

from django.db import connections
from django.test import TransactionTestCase

KEPT = ("django_migrations", "django_content_type", "auth_permission")
"""What migrating fills in; Django would delete and create it again after each test."""
USED = """
    SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0 AND relname <> ALL(%s)
    ORDER BY relname
"""
"""Tables that have held anything since they were made."""

_flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # not in the stubs


def install() -> None:
    """Take the place of Django's flush for every test that commits, and keep its connection for the next one.

    A fresh connection costs the database more than most of these tests: it reads its catalogue anew.
    """
    TransactionTestCase._fixture_teardown = _empty  # type: ignore[attr-defined]
    TransactionTestCase._should_reload_connections = _made_anew  # type: ignore[attr-defined]


def _empty(case: Any) -> None:
    for name in case._databases_names(include_mirrors=False):
        with connections[name].cursor() as cursor:
            cursor.execute(
                "SELECT rolsuper, pg_advisory_unlock_all() FROM pg_roles WHERE rolname = current_user"
            )
            if not cursor.fetchone()[0]:
                _flush(case)
                return
            cursor.execute(USED, [list(KEPT)])
            _delete_rows(cursor, [table for (table,) in cursor.fetchall()])


def _made_anew(case: Any) -> bool:
    """Whether a test has left its connection in a state that is not the usual one."""
    return any(
        not one.get_autocommit() or one.in_atomic_block for one in connections.all(initialized_only=True)
    )


def _delete_rows(cursor: Any, tables: list[str]) -> None:
    """From the tables that hold any, in whatever order, append-only ones included."""
    if not tables:
        return
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
