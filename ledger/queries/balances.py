"""Balances from snapshots and what came after them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Max

from ledger.models import ClosedDay
from ledger.queries.sums import THROUGH
from ledger.rules import AccountKey, AccountKind


@dataclass(frozen=True, slots=True)
class Balance:
    """Of an account, in yuan: debits less credits, so what we owe or earned is below zero."""

    posted: Decimal
    pending: Decimal
    """What is announced on top, not counted in ``posted``."""


@dataclass(frozen=True, slots=True)
class TrialBalanceRow:
    """An account with all its debits and credits through a day, in yuan, both positive."""

    account: AccountKey
    kind: AccountKind
    debit: Decimal
    credit: Decimal
    pending: Decimal
    """Announced debits less announced credits; not counted in the others."""

    @property
    def balance(self) -> Decimal:
        """Debits less credits; over all rows they sum to zero."""
        return self.debit - self.credit


def balance(institution_id: int, account: AccountKey, *, through: date | None = None) -> Balance:
    """Of one account through a day, it included; None for all there is. Nothing posted is a balance of zero."""
    which = "account.institution_id = %(institution)s AND (account.kind, account.party, account.category) = (%(kind)s, %(party)s, %(category)s)"
    asked = {"kind": account.kind, "party": account.party, "category": account.category}
    rows = _rows(which, through, institution=institution_id, **asked)
    row = next(rows, None)
    return Balance(row.balance, row.pending) if row else Balance(Decimal(0), Decimal(0))


def balances_of(
    institution_id: int, kind: AccountKind, *, through: date | None = None
) -> list[TrialBalanceRow]:
    """Every account of a kind, by party and category; one statement."""
    which = "account.institution_id = %(institution)s AND account.kind = %(kind)s"
    return list(_rows(which, through, institution=institution_id, kind=kind))


def trial_balance(institution_id: int | None, *, through: date | None) -> list[TrialBalanceRow]:
    """Every account through a day, it included, in one statement; None: all institutions together, key by key."""
    which = "account.institution_id = %(institution)s" if institution_id else "true"
    return list(_rows(which, through, institution=institution_id))


def _rows(which: str, through: date | None, **asked: str | int | None) -> Iterator[TrialBalanceRow]:
    with connection.cursor() as cursor:
        # ``which`` is one of the conditions above.
        cursor.execute(THROUGH.format(which=which), {"through": through or date.max, **asked})
        found = cursor.fetchall()
    for kind, party, category, debit, credit, pending in found:
        account = AccountKey(AccountKind(kind), party, category)
        yield TrialBalanceRow(account, account.kind, debit, credit, pending)


def closed_through(institution_id: int | None, *, through: date = date.max) -> date | None:
    """The last day up to ``through`` whose books are closed; None: none is. Of all institutions: the last of any."""
    closed = (
        ClosedDay.objects.filter(institution_id=institution_id) if institution_id else ClosedDay.objects.all()
    )
    newest: date | None = closed.aggregate(newest=Max("on"))["newest"]
    return min(newest, through) if newest else None
