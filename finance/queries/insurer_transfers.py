"""What agencies of the insurance owe for each month, and what they have transferred; amounts in yuan."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, NullIf, TruncMonth

from finance.models import InsurerTransfer, InsurerTransferLine
from finance.queries.statements import month_of, months_back
from finance.rules.insurer_transfers import Account
from finance.states import InsurerTransferState
from insurance.models import Settlement
from kernel.money import ZERO
from reconciliation.rules.schedule import SHANGHAI, bounds_of
from registry.models import Institution

MONTHS_SHOWN = 24

_SETTLED = {
    "fund": Sum("fund_amount"),
    "account": Sum(F("account_amount") - F("mutual_aid_amount")),
    "family": Sum("mutual_aid_amount"),
}


@dataclass(frozen=True, slots=True)
class Owed:
    """What an agency still owes an institution for what it settled in a month."""

    institution: Institution
    agency: str
    month: date
    amount: Decimal
    waiting: InsurerTransfer | None
    """The transfer that waits for a second person and settles it, or deducts what is below zero."""


def _settlements() -> QuerySet[Any, Any]:
    """With ``agency``: who clears; the institution's own region where the insurer did not say."""
    said = NullIf("clearing_agency", Value(""))
    region = Coalesce(NullIf("insured_region", Value("")), "institution__region_code")
    return Settlement.objects.order_by().annotate(
        agency=Coalesce(said, "institution__region_code"), region=region
    )


def owed_for(institution_id: int, agency: str, month: date) -> dict[Account, Decimal]:
    """What an agency still owes for the settlements of a month, by region and payer; two statements.

    A settlement belongs to the day that the insurer says. What is settled in full is left out; below zero: more was taken
    back than settled.
    """
    return _owed_between(institution_id, agency, month, month).get(month_of(month)[0], {})


def taken_back(
    institution_id: int, agency: str, *, beside: date, before: date
) -> dict[date, dict[Account, Decimal]]:
    """Months below zero that an agency may deduct from a transfer, by account; three statements.

    Of the last ``MONTHS_SHOWN`` months, those that had ended when it arrived, without what waits for a second person.

    Args:
        institution_id: whose money.
        agency: who clears.
        beside: the month that is transferred, its first day.
        before: the day on the bank statement.
    """
    ended = months_back(before, MONTHS_SHOWN + 1)[1:]
    found = _owed_between(institution_id, agency, ended[-1], ended[0])
    below = {month: owed for month, owed in found.items() if month != beside and sum(owed.values()) < 0}
    waiting = _months_waiting(institution_id, agency) if below else set()
    return {month: owed for month, owed in below.items() if month not in waiting}


def is_waiting(institution_id: int, agency: str, month: date) -> bool:
    """Whether a transfer that a second person has to book settles something of the month."""
    return month in _months_waiting(institution_id, agency)


def _months_waiting(institution_id: int, agency: str) -> set[date]:
    rows = waiting_transfers().filter(institution=institution_id, agency=agency)
    return {
        month for row in rows for month in (row.month, *(line.month for line in row.lines.all())) if month
    }


def _owed_between(
    institution_id: int, agency: str, first: date, last: date
) -> dict[date, dict[Account, Decimal]]:
    """By month and account, from one month through another; without what is settled in full."""
    begin, until = bounds_of(month_of(first)[0])[0], bounds_of(month_of(last)[1])[1]
    rows = _settlements().filter(
        institution=institution_id, agency=agency, settled_at__gte=begin, settled_at__lt=until
    )
    owed: dict[tuple[date, Account], Decimal] = defaultdict(lambda: ZERO)
    by_month = rows.values("region", month=TruncMonth("settled_at", tzinfo=SHANGHAI))
    for row in by_month.annotate(**_SETTLED):
        for payer in _SETTLED:
            owed[row["month"].date(), (row["region"], payer)] += row[payer]
    lines = _booked_lines().filter(transfer__institution=institution_id, transfer__agency=agency)
    for line in lines.filter(settled_month__range=(month_of(first)[0], month_of(last)[0])):
        owed[line.settled_month, (line.region, line.payer)] -= line.amount
    found: dict[date, dict[Account, Decimal]] = defaultdict(dict)
    for (month, account), amount in sorted(owed.items()):
        if amount:
            found[month][account] = amount
    return found


def _booked_lines() -> QuerySet[Any, Any]:
    """With ``settled_month``: which month it settles."""
    rows = InsurerTransferLine.objects.filter(transfer__state=InsurerTransferState.BOOKED)
    return rows.annotate(settled_month=Coalesce("month", "transfer__month"))


def everything_owed(*, today: date) -> list[Owed]:
    """Every month of every agency for which something is owed, the oldest first; four statements.

    Of the last ``MONTHS_SHOWN`` months; older ones can still be entered.
    """
    since = months_back(today, MONTHS_SHOWN)[-1]
    sums: dict[tuple[int, str, date], Decimal] = defaultdict(lambda: ZERO)
    recent = _settlements().filter(settled_at__gte=bounds_of(since)[0])
    settled = recent.values("institution", "agency", month=TruncMonth("settled_at", tzinfo=SHANGHAI))
    for row in settled.annotate(amount=Sum(F("fund_amount") + F("account_amount"))):
        sums[row["institution"], row["agency"], row["month"].date()] += row["amount"]
    for *key, amount in (
        _booked_lines()
        .filter(settled_month__gte=since)
        .order_by()
        .values_list("transfer__institution", "transfer__agency", "settled_month")
        .annotate(Sum("amount"))
    ):
        sums[tuple(key)] -= amount
    institutions = Institution.objects.in_bulk({institution_id for institution_id, *_rest in sums})
    waiting = {
        (one.institution_id, one.agency, line.month or one.month): one
        for one in waiting_transfers()
        for line in one.lines.all()
    }
    return [
        Owed(institutions[key[0]], key[1], key[2], amount, waiting.get(key))
        for key, amount in sorted(sums.items(), key=lambda each: (each[0][2], each[0]))
        if amount
    ]


def waiting_transfers() -> QuerySet[InsurerTransfer]:
    """Those that a second person has to book, the oldest first, with their parts."""
    rows = InsurerTransfer.objects.filter(state=InsurerTransferState.ENTERED)
    return rows.select_related("institution", "entered_by").prefetch_related("lines").order_by("pk")


def ended_transfers() -> QuerySet[InsurerTransfer]:
    """Those that are booked or withdrawn, newest first."""
    rows = InsurerTransfer.objects.exclude(state=InsurerTransferState.ENTERED)
    return rows.select_related("institution", "entered_by", "ended_by").order_by("-ended_at", "-pk")


def is_reference_known(institution_id: int, reference: str) -> bool:
    """Whether a transfer of this number at the bank was entered and not withdrawn."""
    rows = InsurerTransfer.objects.filter(institution=institution_id, reference=reference)
    return rows.exclude(state=InsurerTransferState.WITHDRAWN).exists()
