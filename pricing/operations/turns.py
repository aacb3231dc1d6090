"""Taking turns where the database would refuse the second one, or find the two waiting for each other."""

from django.db import connection


def take_turn(what: str) -> None:
    """Wait until nobody else writes ``what``; held until the transaction ends.

    Two rows of one scope that are inserted at the same time check their exclusion constraint against each other, and
    PostgreSQL may end one of them as a deadlock instead of as an overlap.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [what])
