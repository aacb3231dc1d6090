"""How every account moved over a period; the number of statements does not depend on accounts or entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from kernel.money import ZERO
from ledger.queries import trial_balance
from ledger.rules import AccountKey

Columns = tuple[Decimal, Decimal, Decimal, Decimal, Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Movement:
    """An account over a period, in yuan: balances above zero are debits, below zero credits."""

    account: AccountKey
    opening: Decimal
    debit: Decimal
    credit: Decimal
    pending: Decimal
    """Announced at the end, and not counted in the others."""

    @property
    def closing(self) -> Decimal:
        """The balance at the end of the period."""
        return self.opening + self.debit - self.credit

    @property
    def columns(self) -> Columns:
        """As a trial balance shows them: opening, moved, closing, each debit and credit, none below zero."""
        return (*_sides(self.opening), self.debit, self.credit, *_sides(self.closing))


def movements(institution_id: int | None, first: date, last: date) -> list[Movement]:
    """Every account over days (both included), by kind and key; None: all institutions together. Two statements."""
    before = {row.account: row for row in trial_balance(institution_id, through=first - timedelta(days=1))}
    return [
        Movement(
            row.account,
            before[row.account].balance,
            row.debit - before[row.account].debit,
            row.credit - before[row.account].credit,
            row.pending,
        )
        for row in trial_balance(institution_id, through=last)
    ]


def totals(rows: Sequence[Movement]) -> Columns:
    """The columns of all rows together."""
    found = [row.columns for row in rows]
    return tuple(sum((columns[place] for columns in found), ZERO) for place in range(6))  # type: ignore[return-value]  # six


def gap(columns: Columns) -> Decimal:
    """The most that a pair of columns differs by, in yuan; zero in whole books."""
    return max(
        (abs(debit - credit) for debit, credit in zip(columns[::2], columns[1::2], strict=True)), default=ZERO
    )


def _sides(balance: Decimal) -> tuple[Decimal, Decimal]:
    """A balance as a debit and a credit, one of them zero."""
    return max(balance, ZERO), max(-balance, ZERO)
