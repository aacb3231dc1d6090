"""What the ledger knows: balances, the trial balance, the entries of a bill and of an account."""

from ledger.queries.balances import (
    Balance,
    TrialBalanceRow,
    balance,
    balances_of,
    closed_through,
    trial_balance,
)
from ledger.queries.postings import entries_of, entries_of_account, pending_postings

__all__ = [
    "Balance",
    "TrialBalanceRow",
    "balance",
    "balances_of",
    "closed_through",
    "entries_of",
    "entries_of_account",
    "pending_postings",
    "trial_balance",
]
