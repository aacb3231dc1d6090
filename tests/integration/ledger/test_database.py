"""What the database itself refuses, said to it in plain SQL past all of our code."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from ledger.models import Account, Entry, Posting, Snapshot
from ledger.operations import close_days, post
from registry.models import Institution
from tests.factories.ledger import AT, DAY, said

TABLES = ["ledger_account", "ledger_posting", "ledger_entry", "ledger_closedday", "ledger_snapshot"]
LATER = AT.replace(day=25)
OPEN_DAY = date(2026, 11, 22)


@pytest.fixture
def books(hospital: Institution) -> Institution:
    post(**said(hospital.pk))
    close_days(institution_id=hospital.pk, through=DAY, at=LATER)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")  # as a commit does
    return hospital


def _sql(statement: str, *values: Any) -> None:
    """One statement, and everything that a commit would look at."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _posting(hospital: Institution, *, on: date = OPEN_DAY, entry_count: int = 2) -> None:
    _sql(
        'INSERT INTO ledger_posting (key, kind, phase, institution_id, subject, reason, "on", entry_count, at)'
        " VALUES ('raw', 'raw', 'posted', %s, '', '', %s, %s, %s)",
        hospital.pk,
        on,
        entry_count,
        AT,
    )


@pytest.mark.parametrize("table", TABLES)
def test_no_row_of_the_books_is_changed(books: Institution, table: str) -> None:
    with pytest.raises(DatabaseError, match="Cannot update or delete"):
        _sql(f"UPDATE {table} SET id = id + 1")


@pytest.mark.parametrize("table", TABLES)
def test_no_row_of_the_books_is_deleted(books: Institution, table: str) -> None:
    with pytest.raises(DatabaseError, match="Cannot update or delete"):
        _sql(f"DELETE FROM {table}")


@pytest.mark.parametrize("table", TABLES)
def test_no_table_of_the_books_is_emptied(books: Institution, table: str) -> None:
    with pytest.raises(DatabaseError, match="is never emptied"):
        _sql(f"TRUNCATE {table} CASCADE")


def test_a_posting_without_entries_is_not_committed(books: Institution) -> None:
    with pytest.raises(IntegrityError, match="does not balance"):
        _posting(books)


def test_a_posting_of_no_entries_at_all_is_not_committed(books: Institution) -> None:
    with pytest.raises(IntegrityError, match="does not balance"):
        _posting(books, entry_count=0)


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ([("1.00", "0"), ("-0.99", "0")], "does not balance"),
        ([("0", "1.00"), ("0", "-0.99")], "does not balance"),
        ([("1.00", "0"), ("0", "-1.00")], "does not balance"),
        ([("1.00", "0")], "does not balance"),
        ([("1.00", "0"), ("-2.00", "0"), ("1.00", "0")], "no further entries"),
        ([("0", "0"), ("0", "0")], "entry_of_something"),
    ],
)
def test_entries_that_do_not_balance_or_are_not_as_many_as_told(
    books: Institution, entries: list[tuple[str, str]], reason: str
) -> None:
    account = Account.objects.first()

    with pytest.raises(IntegrityError, match=reason), transaction.atomic():
        posting = Posting.objects.create(
            key="raw", kind="raw", phase="posted", institution=books, on=LATER, at=AT, entry_count=2
        )
        for posted, pending in entries:
            Entry.objects.create(posting=posting, account=account, on=LATER, posted=posted, pending=pending)
        _sql("SELECT 1")


def test_entries_of_another_day_than_their_postings_are_not_committed(books: Institution) -> None:
    account = Account.objects.first()

    with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic():
        posting = Posting.objects.create(
            key="raw", kind="raw", phase="posted", institution=books, on=LATER, at=AT, entry_count=2
        )
        for amount in (1, -1):
            Entry.objects.create(posting=posting, account=account, on=DAY, posted=amount)
        _sql("SELECT 1")


def test_a_posting_takes_no_further_entries_not_even_a_balanced_pair(books: Institution) -> None:
    posting = Posting.objects.get()
    account = Account.objects.first()

    with pytest.raises(IntegrityError, match="no further entries"):
        Entry.objects.bulk_create(
            [Entry(posting=posting, account=account, on=DAY, posted=amount) for amount in (1, -1)]
        )


def test_nothing_is_put_into_a_closed_day(books: Institution) -> None:
    with pytest.raises(IntegrityError, match="are closed"):
        _posting(books, on=DAY)


def test_a_posting_that_resolves_nothing_is_not_voided(books: Institution) -> None:
    with pytest.raises(IntegrityError, match="posting_phase_fits"):
        _sql(
            'INSERT INTO ledger_posting (key, kind, phase, institution_id, subject, reason, "on", entry_count, at)'
            " VALUES ('raw', 'raw', 'voided', %s, '', '', '2026-11-22', 2, now())",
            books.pk,
        )


def test_there_was_something_to_change(books: Institution) -> None:
    assert Snapshot.objects.count() == 3
