"""The books of :mod:`benchmarks.money`: statements and rate of posting, and balances over very many entries."""

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ledger.operations import close_days, post, reserve
from ledger.operations.posting import Facts
from ledger.queries import trial_balance
from ledger.rules import AccountKey, AccountKind, EntryLine
from registry.models import Institution

Say = Callable[..., float]
LAST = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=timezone.get_fixed_timezone(480))
DAYS = 1000
ACCOUNTS = 1000
INSTITUTION = 2  # 1 is that of the channel's day
ENTRIES_OF_A_POSTING = 10
ROUNDS = 5
ROUND = 2.0  # seconds


def institution() -> int:
    """The one whose books these are."""
    said = {"code": "H33010000009", "name": "基准", "level": 3, "licence_until": date(2030, 1, 1)}
    Institution.objects.get_or_create(pk=INSTITUTION, defaults=said)
    return INSTITUTION


def _lines(count: int) -> list[EntryLine]:
    earned = [AccountKey(AccountKind.REVENUE, category=f"{n % 14:02}") for n in range(count)]
    owed = EntryLine(AccountKey(AccountKind.PATIENT_RECEIVABLE), Decimal(count))
    return [owed, *(EntryLine(account, Decimal(-1)) for account in earned)]


def _said(key: str, count: int) -> Facts:
    return {
        "key": key,
        "kind": "bill_opened",
        "institution_id": institution(),
        "on": LAST,
        "at": NOON,
        "lines": _lines(count),
        "subject": key,
    }


def statements(say: Say) -> None:
    """How many statements a posting sends."""
    for count in (10, 100):
        for what, make in (("post", post), ("announce", reserve)):
            asked = _said(f"{what} {count}", count)
            with transaction.atomic(), CaptureQueriesContext(connection) as sent:
                make(**asked)
            print(f"{f'statements to {what} a bill of {count} lines':<52}{len(sent):>8}", flush=True)


def rate(say: Say) -> None:
    """Time of a posting with its commit, beside the bare inserts of the same rows; the two take turns."""
    for count in (10, 100):
        pairs = [(_a_round(_bare, number, count), _a_round(_ours, number, count)) for number in range(ROUNDS)]
        ceiling = say(f"bare inserts of {count} lines, and a commit", [pair[0] for pair in pairs])
        say(f"posting {count} lines, and a commit", [pair[1] for pair in pairs], ceiling)


def _a_round(work: Callable[[Facts], object], number: int, count: int) -> float:
    """Mean seconds of one, over a round."""
    said, done = _said("", count), 0
    began = time.perf_counter()
    while time.perf_counter() - began < ROUND:
        work({**said, "key": f"{work.__name__} {count} {number} {done}"})
        done += 1
    return (time.perf_counter() - began) / done


def _ours(said: Facts) -> object:
    return post(**said)


_PLAIN = """
CREATE TABLE IF NOT EXISTS plain_posting (id bigserial PRIMARY KEY, key text UNIQUE, subject text, "on" date);
CREATE TABLE IF NOT EXISTS plain_entry (id bigserial PRIMARY KEY, posting bigint, account int, "on" date, posted numeric(14,2));
CREATE INDEX IF NOT EXISTS plain_entry_sums ON plain_entry (account, "on")
"""


@transaction.atomic
def _bare(said: Facts) -> None:
    """The least that keeps the same: one row, its lines in one statement, tables without constraints and triggers."""
    with connection.cursor() as cursor:
        if said["key"].endswith(" 0"):
            cursor.execute(_PLAIN)
        cursor.execute(
            'INSERT INTO plain_posting (key, subject, "on") VALUES (%s, %s, %s) RETURNING id',
            [said["key"], said["key"], LAST],
        )
        (posting,) = cursor.fetchone()
        rows = [
            value for n, line in enumerate(said["lines"]) for value in (posting, n % 15, LAST, line.amount)
        ]
        places = ", ".join(["(%s, %s, %s, %s)"] * len(said["lines"]))
        cursor.execute(f'INSERT INTO plain_entry (posting, account, "on", posted) VALUES {places}', rows)  # noqa: S608


_MAKE = """
SET session_replication_role = replica;
INSERT INTO ledger_account (institution_id, kind, party, category)
SELECT %(institution)s, 'revenue', 'p' || n, '' FROM generate_series(1, %(accounts)s) n;
INSERT INTO ledger_posting (key, kind, phase, institution_id, subject, reason, "on", entry_count, at)
SELECT 'made ' || n, 'bill_opened', 'posted', %(institution)s, 'B' || n, '',
       date %(last)s - (n %% %(days)s)::int, %(each)s, now()
FROM generate_series(1, %(postings)s) n;
DROP INDEX entry_sums;
INSERT INTO ledger_entry (posting_id, account_id, "on", posted, pending)
SELECT posting.id, first.id + (posting.id * 7 + line * 13) %% %(accounts)s, posting."on",
       CASE WHEN line %% 2 = 0 THEN 1.25 ELSE -1.25 END, 0
FROM ledger_posting AS posting, generate_series(1, %(each)s) line,
     (SELECT min(id) AS id FROM ledger_account WHERE kind = 'revenue' AND party = 'p1') AS first
WHERE posting.key LIKE 'made %%'
ORDER BY posting."on", posting.id;
CREATE INDEX entry_sums ON ledger_entry (account_id, "on") INCLUDE (posted, pending);
SET session_replication_role = DEFAULT
"""

_ALL = """
SELECT account_id, sum(greatest(posted, 0)), -sum(least(posted, 0)), sum(pending) FROM ledger_entry
WHERE "on" <= %s GROUP BY account_id
"""


def balances(say: Say, entries: int) -> None:
    """The trial balance through the last day, and through one in the middle, beside the sum over all entries."""
    asked: dict[str, int | str] = {
        "institution": institution(),
        "accounts": ACCOUNTS,
        "last": LAST.isoformat(),
        "days": DAYS,
        "each": ENTRIES_OF_A_POSTING,
        "postings": entries // ENTRIES_OF_A_POSTING,
    }
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(_MAKE, asked)
        cursor.execute("VACUUM ANALYZE ledger_entry")
        cursor.execute("SELECT count(*) FROM ledger_entry")
        print(f"{cursor.fetchone()[0]:,} entries made in {time.perf_counter() - began:.0f} s", flush=True)
    closing = time.perf_counter()
    close_days(institution_id=institution(), through=LAST - timedelta(days=2), at=NOON)
    print(f"{DAYS - 2} days closed, {ACCOUNTS} accounts: {time.perf_counter() - closing:.0f} s", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE ledger_snapshot")
    _compare(say)


def _compare(say: Say) -> None:
    whole = [_timed(_sum_of_all) for _round in range(3)]
    ceiling = say("sum over all entries", whole)
    for what, through in (("today", LAST), ("the middle", LAST - timedelta(days=DAYS // 2))):
        times = [_timed(partial(trial_balance, institution(), through=through)) for _round in range(ROUNDS)]
        say(f"trial balance through {what}", times, ceiling)
    rows = trial_balance(institution(), through=LAST)
    assert sum(row.balance for row in rows) == 0  # noqa: S101
    assert sum(row.debit for row in rows) == sum(row[1] for row in _sum_of_all())  # noqa: S101


def _sum_of_all() -> list[tuple[int, Decimal, Decimal, Decimal]]:
    with connection.cursor() as cursor:
        cursor.execute(_ALL, [LAST])
        return list(cursor.fetchall())


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
