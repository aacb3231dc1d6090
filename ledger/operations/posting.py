"""Post, announce, confirm, void, reverse: each adds one posting with its entries, and repeating it adds nothing.

A posting rides in the transaction of the money event it tells of, last of all locks but that of a number. No savepoint is
made: an event whose posting is refused does not happen. The posting itself is the trace of the act, immutable, with its
moment, its person and its reason; it has no audit entry besides.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, NotRequired, TypedDict, Unpack

from django.db import connection, transaction

from accounts.models import User
from kernel.errors import Violation, refuse_if_any
from ledger.errors import LedgerRefused
from ledger.models import Account, Entry, Posting
from ledger.rules import (
    AccountKey,
    AccountKind,
    EntryLine,
    line_violations,
    not_pending,
    not_reversible,
    other_content,
)
from ledger.states import Phase

_NOTHING = Decimal(0)


class _Move(NamedTuple):
    """What an entry does to its account; yuan."""

    account: AccountKey
    posted: Decimal
    pending: Decimal


class Facts(TypedDict):
    """What is posted, and about what."""

    key: str
    """Names the event for ever, e.g. ``bill:B20261122-1:settled``."""
    kind: str
    """What sort of event, e.g. ``bill_settled``."""
    institution_id: int
    """Whose books."""
    on: date
    """The day it belongs to; the first open day is taken where that one is closed."""
    at: datetime
    """When it is posted."""
    lines: Sequence[EntryLine]
    """At least two, summing to zero; an event of nothing is not posted."""
    subject: NotRequired[str]
    """The bill's number."""
    reason: NotRequired[str]
    """Why, for people."""
    by: NotRequired[User | None]
    """Who; None for the system itself."""


@transaction.atomic(savepoint=False)
def post(**facts: Unpack[Facts]) -> Posting:
    """Entries that count at once.

    Raises:
        LedgerRefused: the lines do not balance (LG-01 to LG-03), or the key holds something else (LG-04).
    """
    lines = _fitting(facts)
    return _write(_new(Phase.POSTED, facts), [_Move(line.account, line.amount, _NOTHING) for line in lines])


@transaction.atomic(savepoint=False)
def reserve(**facts: Unpack[Facts]) -> Posting:
    """Announce entries: they are pending until :func:`confirm` or :func:`void`.

    Raises:
        LedgerRefused: as for :func:`post`.
    """
    lines = _fitting(facts)
    return _write(_new(Phase.PENDING, facts), [_Move(line.account, _NOTHING, line.amount) for line in lines])


@transaction.atomic(savepoint=False)
def confirm(*, key: str, pending_key: str, on: date, at: datetime, by: User | None = None) -> Posting:
    """What was announced under ``pending_key`` counts now.

    Raises:
        LedgerRefused: it is not pending (LG-05), or the key holds something else (LG-04).
    """
    pending, moves = _held(pending_key, Phase.PENDING, not_pending())
    posting = _after(pending, key=key, phase=Phase.POSTED, on=on, at=at, by=by, resolves=pending)
    return _write(
        posting, [_Move(move.account, move.pending, -move.pending) for move in moves], not_pending()
    )


@transaction.atomic(savepoint=False)
def void(*, key: str, pending_key: str, on: date, at: datetime, by: User | None = None) -> Posting:
    """What was announced under ``pending_key`` will never count.

    Raises:
        LedgerRefused: it is not pending (LG-05), or the key holds something else (LG-04).
    """
    pending, moves = _held(pending_key, Phase.PENDING, not_pending())
    posting = _after(pending, key=key, phase=Phase.VOIDED, on=on, at=at, by=by, resolves=pending)
    return _write(posting, [_Move(move.account, _NOTHING, -move.pending) for move in moves], not_pending())


@transaction.atomic(savepoint=False)
def reverse(
    *, key: str, posting_key: str, on: date, at: datetime, reason: str, by: User | None = None
) -> Posting:
    """The opposite of a posting that counts, whole; debits become credits.

    Raises:
        LedgerRefused: it does not count or is reversed (LG-06), or the key holds something else (LG-04).
    """
    posted, moves = _held(posting_key, Phase.POSTED, not_reversible())
    posting = _after(posted, key=key, phase=Phase.POSTED, on=on, at=at, by=by, reverses=posted)
    posting.reason = reason
    return _write(posting, [_Move(move.account, -move.posted, _NOTHING) for move in moves], not_reversible())


def _fitting(facts: Facts) -> Sequence[EntryLine]:
    """The lines, if they make a posting."""
    refuse_if_any(line_violations(facts["lines"]), LedgerRefused)
    return facts["lines"]


def _new(phase: Phase, facts: Facts) -> Posting:
    return Posting(phase=phase, **{name: value for name, value in facts.items() if name != "lines"})


def _held(key: str, phase: Phase, refusal: Violation) -> tuple[Posting, list[_Move]]:
    """The posting of a key in a phase, and its entries."""
    posting = Posting.objects.filter(key=key, phase=phase).first()
    if posting is None:
        raise LedgerRefused(violations=[refusal])
    return posting, _moves_of(posting)


def _moves_of(posting: Posting) -> list[_Move]:
    entries = posting.entries.select_related("account")
    return [_Move(entry.account.key, entry.posted, entry.pending) for entry in entries]


def _after(earlier: Posting, **own: object) -> Posting:
    """A posting about the same as an earlier one."""
    same = {name: getattr(earlier, name) for name in ("kind", "institution_id", "subject", "reason")}
    return Posting(**same, **own)


_INSERT = """
    INSERT INTO ledger_posting (key, kind, phase, institution_id, subject, reason, resolves_id, reverses_id, at, by_id,
                                entry_count, "on")
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, ledger_open_day(%s, %s))
    ON CONFLICT DO NOTHING
    RETURNING id, "on"
"""
_COLUMNS = (
    "key", "kind", "phase", "institution_id", "subject", "reason", "resolves_id", "reverses_id", "at", "by_id",
    "entry_count", "institution_id", "on",
)  # fmt: skip


def _write(posting: Posting, moves: list[_Move], refusal: Violation | None = None) -> Posting:
    """Add the posting, or give the one that is there; ``refusal`` if another took its place.

    First the posting, then the accounts: its day is locked against closing before any account is.
    """
    posting.entry_count = len(moves)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [getattr(posting, name) for name in _COLUMNS])
        added = cursor.fetchone()
    if added is None:
        return _same(posting, moves, refusal)
    posting.pk, posting.on = added
    ids = _account_ids(posting.institution_id, {move.account for move in moves})
    Entry.objects.bulk_create(
        Entry(posting=posting, account_id=ids[account], on=posting.on, posted=posted, pending=pending)
        for account, posted, pending in moves
    )
    return posting


_MUST_AGREE = ("kind", "phase", "institution_id", "subject", "resolves_id", "reverses_id")


def _same(wanted: Posting, moves: list[_Move], refusal: Violation | None) -> Posting:
    """The posting that is there under the key, if it says the same."""
    found = Posting.objects.filter(key=wanted.key).first()
    if found is None:
        raise LedgerRefused(violations=filter(None, [refusal]))
    differs = any(getattr(found, name) != getattr(wanted, name) for name in _MUST_AGREE)
    if differs or Counter(_moves_of(found)) != Counter(moves):
        raise LedgerRefused(violations=[other_content()])
    return found


def _account_ids(institution_id: int, keys: set[AccountKey]) -> dict[AccountKey, int]:
    """Accounts by key; those that are not there are made."""
    found = _ids_of(institution_id, keys)
    if missing := sorted(keys - found.keys()):
        made = (Account(institution_id=institution_id, **asdict(key)) for key in missing)
        Account.objects.bulk_create(made, ignore_conflicts=True)
        found = _ids_of(institution_id, keys)
    return found


def _ids_of(institution_id: int, keys: Iterable[AccountKey]) -> dict[AccountKey, int]:
    rows = Account.objects.filter(
        institution_id=institution_id,
        kind__in={key.kind for key in keys},
        party__in={key.party for key in keys},
        category__in={key.category for key in keys},
    )
    found = rows.values_list("kind", "party", "category", "pk")
    return {AccountKey(AccountKind(kind), party, category): pk for kind, party, category, pk in found}
