"""Whether the books are whole: every sum made anew from the entries."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db import connection

from ledger.models import Account
from ledger.queries.balances import closed_through
from ledger.queries.sums import DAILY


class FaultKind(StrEnum):
    """What can be wrong although the database forbids it."""

    POSTING = "posting does not balance"
    SNAPSHOT = "snapshot is not the sum of the entries"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that somebody did past the database's triggers; amounts in yuan."""

    kind: FaultKind
    where: str
    """The posting's key, or account and day."""
    found: Decimal | None
    expected: Decimal | None


_UNBALANCED = """
    SELECT posting.key, coalesce(sum(entry.posted), 0), coalesce(sum(entry.pending), 0), count(entry.id)
    FROM ledger_posting AS posting LEFT JOIN ledger_entry AS entry ON entry.posting_id = posting.id
    WHERE posting.institution_id = %(institution)s
    GROUP BY posting.id
    HAVING coalesce(sum(entry.posted), 0) <> 0 OR coalesce(sum(entry.pending), 0) <> 0
        OR count(entry.id) <> posting.entry_count OR count(entry.id) FILTER (WHERE entry."on" <> posting."on") > 0
    ORDER BY posting.id LIMIT 100
"""

_WRONG_SNAPSHOTS = f"""
    WITH daily AS ({DAILY}),
    anew AS (
        SELECT account_id, "on", sum(debit) OVER so_far AS debit, sum(credit) OVER so_far AS credit,
               sum(pending) OVER so_far AS pending
        FROM daily WINDOW so_far AS (PARTITION BY account_id ORDER BY "on")
    ),
    kept AS (
        SELECT snapshot.* FROM ledger_snapshot AS snapshot JOIN ledger_account AS account
        ON account.id = snapshot.account_id WHERE account.institution_id = %(institution)s
    )
    SELECT coalesce(anew.account_id, kept.account_id), coalesce(anew."on", kept."on"), kept.debit - kept.credit,
           anew.debit - anew.credit
    FROM anew FULL JOIN kept ON kept.account_id = anew.account_id AND kept."on" = anew."on"
    WHERE (anew.debit, anew.credit, anew.pending) IS DISTINCT FROM (kept.debit, kept.credit, kept.pending)
    ORDER BY 2, 1 LIMIT 100
"""  # noqa: S608  # of a constant


def faults_of(institution_id: int) -> Iterator[Fault]:
    """What is wrong in an institution's books, at most 100 of each kind; reads every entry."""
    for key, posted, pending, _count in _rows(_UNBALANCED, institution=institution_id):
        yield Fault(FaultKind.POSTING, key, posted or pending, Decimal(0))
    through = closed_through(institution_id)
    closed = _rows(_WRONG_SNAPSHOTS, institution=institution_id, after=date.min, through=through or date.min)
    for account_id, on, kept, anew in closed:
        account = Account.objects.get(pk=account_id)
        yield Fault(FaultKind.SNAPSHOT, f"{account} {on}", kept, anew)


def _rows(statement: str, **asked: int | date) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return list(cursor.fetchall())
