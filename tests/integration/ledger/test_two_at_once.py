"""Workers that post and close at the same moment, on connections of their own."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, connections, transaction

from ledger import queries
from ledger.errors import LedgerRefused
from ledger.models import Posting, Snapshot
from ledger.operations import close_days, confirm, post, reserve, void
from registry.models import Institution
from tests.factories.ledger import AT, DAY, PATIENT, said
from tests.factories.registry import InstitutionFactory

pytestmark = pytest.mark.django_db(transaction=True)
LATER = AT + timedelta(days=5)


@pytest.fixture
def books() -> Institution:
    return InstitutionFactory(agreements=False)


def _beside(work: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    """Start the work on a connection of its own; the list gets what it gave or raised."""
    result: list[object] = []

    def run() -> None:
        try:
            result.append(work())
        except Exception as error:
            result.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, result


def _wait_for_a_lock() -> None:
    """Until another connection waits for one of ours."""
    for _try in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")


def test_two_workers_with_the_same_key_make_one_posting(books: Institution) -> None:
    with transaction.atomic():
        mine = post(**said(books.pk))
        thread, theirs = _beside(lambda: post(**said(books.pk)))
        _wait_for_a_lock()
    thread.join()

    assert theirs == [mine]
    assert Posting.objects.count() == 1
    assert queries.balance(books.pk, PATIENT).posted == Decimal("12.34")


def test_of_two_workers_one_resolves_what_was_announced(books: Institution) -> None:
    reserve(**said(books.pk, key="announced"))
    resolving: dict[str, Any] = {"pending_key": "announced", "on": DAY, "at": AT}

    with transaction.atomic():
        confirm(key="settled", **resolving)
        thread, theirs = _beside(lambda: void(key="voided", **resolving))
        _wait_for_a_lock()
    thread.join()

    assert isinstance(theirs[0], LedgerRefused)
    assert [violation.rule for violation in theirs[0].violations] == ["LG-05"]
    assert queries.balance(books.pk, PATIENT).posted == Decimal("12.34")


def test_a_worker_whose_rival_was_taken_back_posts_in_its_place(books: Institution) -> None:
    with transaction.atomic():
        post(**said(books.pk))
        thread, theirs = _beside(lambda: post(**said(books.pk)))
        _wait_for_a_lock()
        transaction.set_rollback(True)
    thread.join()

    assert isinstance(theirs[0], Posting)
    assert queries.balance(books.pk, PATIENT).posted == Decimal("12.34")


def test_closing_waits_for_who_is_posting_and_misses_nothing(books: Institution) -> None:
    with transaction.atomic():
        post(**said(books.pk))
        thread, _closed = _beside(lambda: close_days(institution_id=books.pk, through=DAY, at=LATER))
        _wait_for_a_lock()
    thread.join()

    assert Snapshot.objects.get(account__kind=PATIENT.kind).debit == Decimal("12.34")


def test_who_posts_while_a_day_is_closed_waits_and_is_dated_to_the_next(books: Institution) -> None:
    with transaction.atomic():
        close_days(institution_id=books.pk, through=DAY, at=LATER)
        thread, posted = _beside(lambda: post(**said(books.pk)))
        _wait_for_a_lock()
    thread.join()

    assert isinstance(posted[0], Posting)
    assert posted[0].on == DAY + timedelta(days=1)


def test_two_workers_may_post_to_the_same_books_at_once(books: Institution) -> None:
    post(**said(books.pk, key="accounts are there"))

    with transaction.atomic():
        post(**said(books.pk, key="mine"))
        thread, theirs = _beside(lambda: post(**said(books.pk, key="theirs")))
        thread.join(timeout=10)
        assert not thread.is_alive()

    assert isinstance(theirs[0], Posting)
