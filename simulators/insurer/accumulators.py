"""Where a person stands in the year, what a settlement adds, and taking exactly that back."""

from datetime import date
from decimal import Decimal
from typing import Any

from .calculation import Split, Standing
from .counting import WHOLE_YEAR, Count
from .models import Coverage, Cumulative, Settlement
from .money import ZERO

OUTPATIENT = "outpatient"
NORMAL = "1"


def standing_of(coverage: Coverage, year: int, *, lock: bool = False) -> Standing:
    """Where the person stands; with ``lock`` the relative's account does not change meanwhile."""
    rows = coverage.cumulatives.filter(year=year)
    counts = {
        (row.counter, row.window): Count(row.deducted, row.eligible, row.fund_paid)
        for row in rows.order_by("pk")
    }
    counts.setdefault((OUTPATIENT, WHOLE_YEAR), Count(deducted=coverage.opening_deducted))
    payer = _family_payer(coverage, lock=lock)
    return Standing(
        balance=coverage.balance,
        balance_of_year=min(coverage.balance, coverage.balance_of_year),
        family_balance=payer.balance if payer else ZERO,
        counts=counts,
    )


def book(coverage: Coverage, year: int, split: Split) -> dict[str, Any]:
    """Take the money from the accounts, add to the cumulative amounts, and return what was done.

    The result is kept with the settlement (``booked``) and is undone by ``give_back``.
    """
    accounts = [{"coverage": coverage.pk, "amount": split.acct_pay, "of_year": split.acct_of_year}]
    if split.mulaid_pay:
        accounts.append({"coverage": coverage.family_payer_id, "amount": split.mulaid_pay, "of_year": ZERO})
    counters = [
        {
            "counter": entry.counter,
            "window": entry.window,
            "deducted": entry.deducted,
            "eligible": entry.eligible,
            "fund_paid": entry.fund_paid,
        }
        for entry in split.entries
    ]
    booked = {"accounts": accounts, "counters": counters}
    _carry(coverage, year, booked, sign=-1)
    return booked


def give_back(settled: Settlement, *, today: date | None = None) -> None:
    """Give back what a settlement took from accounts and added to the year's amounts, however long ago.

    ``today`` tells whether account money of an earlier year is still money of this year; it is not.
    """
    _carry(settled.visit.coverage, settled.year, _booked(settled, today), sign=1)


def take_again(settled: Settlement, *, today: date | None = None) -> None:
    """Book a settlement once more, the opposite of giving back."""
    _carry(settled.visit.coverage, settled.year, _booked(settled, today), sign=-1)


def _booked(settled: Settlement, today: date | None) -> dict[str, Any]:
    booked: dict[str, Any] = settled.booked or _by_columns(settled)
    if today is None or today.year == settled.year:
        return booked
    return booked | {"accounts": [row | {"of_year": ZERO} for row in booked["accounts"]]}


def _by_columns(settled: Settlement) -> dict[str, Any]:
    """What a settlement did that was kept before its bookings were."""
    counter = {
        "counter": OUTPATIENT,
        "window": WHOLE_YEAR,
        "deducted": settled.act_pay_dedc,
        "eligible": settled.eligible,
        "fund_paid": settled.fund_pay,
    }
    account = {"coverage": settled.visit.coverage_id, "amount": settled.acct_pay, "of_year": ZERO}
    return {"accounts": [account], "counters": [counter]}


def _carry(coverage: Coverage, year: int, booked: dict[str, Any], *, sign: int) -> None:
    """Move accounts by ``sign`` times the amounts, and the cumulative amounts the other way."""
    for row in booked["accounts"]:
        account = coverage if row["coverage"] == coverage.pk else _locked(row["coverage"])
        if account is None:
            continue  # the relative is gone, and the account with her
        account.balance += sign * Decimal(row["amount"])
        account.balance_of_year = max(ZERO, account.balance_of_year + sign * Decimal(row["of_year"]))
        account.save(update_fields=["balance", "balance_of_year"])
    for row in booked["counters"]:
        _add(coverage, year, row, -sign)


def _add(coverage: Coverage, year: int, row: dict[str, Any], sign: int) -> None:
    opening = (
        coverage.opening_deducted if (row["counter"], row["window"]) == (OUTPATIENT, WHOLE_YEAR) else ZERO
    )
    kept, _ = Cumulative.objects.get_or_create(
        coverage=coverage,
        year=year,
        counter=row["counter"],
        window=row["window"],
        defaults={"deducted": opening},
    )
    for name in ("deducted", "eligible", "fund_paid"):
        setattr(kept, name, getattr(kept, name) + sign * Decimal(row[name]))
    kept.save(update_fields=["deducted", "eligible", "fund_paid"])


def _family_payer(coverage: Coverage, *, lock: bool) -> Coverage | None:
    """The relative whose account helps out, while her own coverage is in order."""
    if coverage.family_payer_id is None:
        return None
    payer = _locked(coverage.family_payer_id) if lock else coverage.family_payer
    return payer if payer and payer.status == NORMAL else None


def _locked(pk: int) -> Coverage | None:
    return Coverage.objects.select_for_update().filter(pk=pk).first()
