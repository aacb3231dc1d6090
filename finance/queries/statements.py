"""A month of one institution: what was charged, what went back, who paid, who else has a share; amounts in yuan."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncDate

from billing.models import Bill
from finance.models import CashierDay
from finance.rules.postings import Kind
from finance.states import DayState
from kernel.money import ZERO
from ledger.models import Entry
from ledger.rules import AccountKey, AccountKind
from reconciliation.rules.schedule import SHANGHAI, bounds_of
from registry.models import Institution


@dataclass(frozen=True, slots=True)
class Line:
    """One day, or all of them; who pays what is net of what went back."""

    bills: int = 0
    charged: Decimal = ZERO
    given_back: Decimal = ZERO
    """Zero or below."""
    fund: Decimal = ZERO
    account: Decimal = ZERO
    family: Decimal = ZERO
    institution: Decimal = ZERO
    cash: Decimal = ZERO

    @property
    def net(self) -> Decimal:
        """What stays; the five payers sum to it."""
        return self.charged + self.given_back

    def __add__(self, other: "Line") -> "Line":
        """Column by column."""
        return Line(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Line)))


@dataclass(frozen=True, slots=True)
class Statement:
    """One month of one institution."""

    institution: Institution
    first: date
    last: date
    days: list[tuple[date, Line]]
    """In order; days without a bill are left out."""
    books: list[tuple[AccountKey, Decimal]]
    """Shares of others and fees of the channels, as booked in the month; what we owe or spend is positive."""
    open_days: int
    """Cashier days of the month that nobody has closed."""
    total: Line = field(default_factory=Line)


_PAYERS = ("fund", "account", "family", "institution", "cash")
_SHARES = (AccountKind.INSTITUTION_PAYABLE, AccountKind.PLATFORM)


def month_of(day: date) -> tuple[date, date]:
    """First and last day of its month."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def statement_of(institution: Institution, month: date) -> Statement:
    """The statement of a month; four statements of SQL, however many bills there are."""
    first, last = month_of(month)
    found: dict[date, Line] = {}
    for day, line in (*_paid(institution, first, last), *_given_back(institution, first, last)):
        found[day] = found.get(day, Line()) + line
    open_days = CashierDay.objects.filter(institution=institution, day__gte=first, day__lte=last)
    return Statement(
        institution=institution,
        first=first,
        last=last,
        days=sorted(found.items()),
        books=list(_booked(institution, first, last)),
        open_days=open_days.exclude(state=DayState.CLOSED).count(),
        total=sum(found.values(), Line()),
    )


def _within(first: date, last: date, moment: str) -> Q:
    return Q(**{f"{moment}__gte": bounds_of(first)[0], f"{moment}__lt": bounds_of(last)[1]})


def _paid(institution: Institution, first: date, last: date) -> Iterator[tuple[date, Line]]:
    """Bills on the day they were paid; return bills, whose amounts are negative, on the day of the return."""
    rows = Bill.objects.filter(_within(first, last, "settled_at"), encounter__institution=institution)
    for day, said in _by_day(rows, "settled_at"):
        yield day, Line(said["bills"], said["charged"], said["back"], *(said[payer] for payer in _PAYERS))


def _given_back(institution: Institution, first: date, last: date) -> Iterator[tuple[date, Line]]:
    """Bills that went back as a whole, as far as they still stood: less what was returned of them before."""
    moment = Coalesce("refunded_at", "reverses__refunded_at")
    rows = Bill.objects.filter(encounter__institution=institution).annotate(back_at=moment)
    rows = rows.filter(_within(first, last, "back_at"))
    for day, said in _by_day(rows, "back_at"):
        stood = said["charged"] + said["back"]
        yield day, Line(0, ZERO, -stood, *(-said[payer] for payer in _PAYERS))


def _by_day(rows: QuerySet[Bill, Any], moment: str) -> Iterator[tuple[date, dict[str, Any]]]:
    is_charge, is_return = Q(reverses__isnull=True), Q(reverses__isnull=False)
    sums = {payer: Sum(f"{payer}_amount", default=ZERO) for payer in _PAYERS}
    summed = (
        rows.order_by()
        .values(day=TruncDate(moment, tzinfo=SHANGHAI))
        .annotate(
            bills=Count("pk", filter=is_charge),
            charged=Sum("total_amount", filter=is_charge, default=ZERO),
            back=Sum("total_amount", filter=is_return, default=ZERO),
            **sums,
        )
    )
    return ((row["day"], dict(row)) for row in summed)


def _booked(institution: Institution, first: date, last: date) -> Iterator[tuple[AccountKey, Decimal]]:
    """Shares as they arose, without their payment; fees as the channels kept them."""
    rows = Entry.objects.filter(account__institution=institution, on__gte=first, on__lte=last)
    rows = rows.exclude(posting__kind=Kind.PAYOUT_PAID).order_by()
    shares = rows.filter(account__kind__in=(*_SHARES, AccountKind.CHANNEL_FEE))
    columns = ("account__kind", "account__party", "account__category")
    for kind, party, category, posted in (
        shares.values_list(*columns).annotate(Sum("posted")).order_by(*columns)
    ):
        account = AccountKey(AccountKind(kind), party, category)
        if posted:
            yield account, -posted if account.kind in _SHARES else posted


def bills_of(institution: Institution, month: date) -> QuerySet[Bill]:
    """Every bill and return bill that was paid or given back in a month, in order of their numbers."""
    first, last = month_of(month)
    within = _within(first, last, "settled_at") | _within(first, last, "refunded_at")
    about = ("encounter__patient", "reverses")
    return (
        Bill.objects.filter(within, encounter__institution=institution).select_related(*about).order_by("pk")
    )


def months_back(today: date, count: int = 12) -> list[date]:
    """First days of the last months, this one first."""
    months = [today.year * 12 + today.month - 1 - back for back in range(count)]
    return [date(number // 12, number % 12 + 1, 1) for number in months]
