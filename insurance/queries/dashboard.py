"""What the insurance office sees at a glance: a fixed number of statements, whatever the number of claims."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, F, Min, Q, Sum
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from insurance.models import Agreement, Claim, Route, Settlement
from insurance.states import AgreementState, ClaimState
from kernel.money import ZERO

OPEN = (
    ClaimState.DRAFT,
    ClaimState.SETTLING,
    ClaimState.UNCONFIRMED,
    ClaimState.VOIDING,
    ClaimState.REVERSING,
    ClaimState.REVERSAL_UNCONFIRMED,
)
"""States in which the next word is the insurer's."""
UNKNOWN = (ClaimState.UNCONFIRMED, ClaimState.VOIDING, ClaimState.REVERSAL_UNCONFIRMED)
TAKEN = (
    ClaimState.SETTLED,
    ClaimState.REVERSING,
    ClaimState.REVERSAL_UNCONFIRMED,
    ClaimState.REVERSED,
)
"""The insurer has settled once, whatever came after."""
AGES = (timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=1), timedelta(days=1))
"""Where one column of the table of ages ends and the next begins."""
MOST_REASONS = 10
SOON = timedelta(days=90)
"""An agreement that ends within these days is shown."""

_TIMES = """
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM settlement.recorded_at - claim.submitted_at)),
           percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM settlement.recorded_at - claim.submitted_at))
    FROM insurance_settlement settlement JOIN insurance_claim claim ON claim.id = settlement.claim_id
    WHERE settlement.reverses_id IS NULL AND claim.submitted_at >= %s AND claim.submitted_at < %s
"""


@dataclass(frozen=True, slots=True)
class Day:
    """One day: yuan settled less what was taken back, and claims by outcome of those sent on the day."""

    on: date
    fund: Decimal = ZERO
    account: Decimal = ZERO
    cash: Decimal = ZERO
    settled: int = 0
    refused: int = 0
    undone: int = 0
    unknown: int = 0
    by_mobile: int = 0

    @property
    def sent(self) -> int:
        """Claims sent to be settled."""
        return self.settled + self.refused + self.undone + self.unknown


@dataclass(frozen=True, slots=True)
class AgeRow:
    """Claims of one open state by how long they have been in it: a number for each of ``AGES`` and one beyond."""

    state: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class RouteRow:
    """Claims of one way to the insurer."""

    route: str
    sent: int
    settled: int


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The whole page; times are seconds, None where nothing was settled."""

    days: tuple[Day, ...]
    ages: tuple[AgeRow, ...]
    unknown: int
    unknown_since: datetime | None
    for_a_person: int
    median_seconds: float | None
    slow_seconds: float | None
    reasons: tuple[tuple[str, int], ...]
    routes: tuple[RouteRow, ...]
    agreements: tuple[Agreement, ...]


def dashboard(*, first_on: date, last_on: date, at: datetime) -> Dashboard:
    """The days from the first to the last, both included, and what is open now."""
    begin, end = _midnight(first_on), _midnight(last_on + timedelta(days=1))
    median, slow = _times(begin, end)
    now = Claim.objects.aggregate(
        unknown=Count("pk", filter=Q(state__in=UNKNOWN)),
        since=Min("unknown_since", filter=Q(state__in=UNKNOWN)),
        person=Count("pk", filter=Q(needs_person_since__isnull=False)),
    )
    return Dashboard(
        days=_days(first_on, last_on, begin, end),
        ages=_ages(at),
        unknown=now["unknown"],
        unknown_since=now["since"],
        for_a_person=now["person"],
        median_seconds=median,
        slow_seconds=slow,
        reasons=_reasons(begin, end),
        routes=_routes(begin, end),
        agreements=_agreements_that_end(clock_day=timezone.localtime(at).date()),
    )


def _midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, datetime.min.time()))


def _days(first_on: date, last_on: date, begin: datetime, end: datetime) -> tuple[Day, ...]:
    money = {row.pop("on"): row for row in _money(begin, end)}
    sent = {row.pop("on"): row for row in _sent(begin, end)}
    every = [first_on + timedelta(days=n) for n in range((last_on - first_on).days + 1)]
    return tuple(Day(on, **money.get(on, {}), **sent.get(on, {})) for on in every)


def _money(begin: datetime, end: datetime) -> Sequence[dict[str, Any]]:
    """Yuan by day; what was taken back is negative on the day it was taken back."""
    rows = Settlement.objects.filter(settled_at__gte=begin, settled_at__lt=end)
    found = (
        rows.annotate(on=TruncDate("settled_at"))
        .values("on")
        .annotate(fund=Sum("fund_amount"), account=Sum("account_amount"), cash=Sum("cash_amount"))
        .order_by("on")
    )
    return [dict(row) for row in found]


def _sent(begin: datetime, end: datetime) -> Sequence[dict[str, Any]]:
    """Claims by the day they were sent and what became of them."""
    rows = Claim.objects.filter(submitted_at__gte=begin, submitted_at__lt=end)
    found = (
        rows.annotate(on=TruncDate("submitted_at"))
        .values("on")
        .annotate(
            settled=Count("pk", filter=Q(state__in=TAKEN)),
            refused=Count("pk", filter=Q(state=ClaimState.DECLINED)),
            undone=Count("pk", filter=Q(state__in=(ClaimState.VOIDED, ClaimState.ABANDONED))),
            unknown=Count(
                "pk", filter=Q(state__in=(ClaimState.SETTLING, ClaimState.UNCONFIRMED, ClaimState.VOIDING))
            ),
            by_mobile=Count("pk", filter=Q(route=Route.MOBILE, state__in=TAKEN)),
        )
        .order_by("on")
    )
    return [dict(row) for row in found]


def _ages(at: datetime) -> tuple[AgeRow, ...]:
    """Open claims by state and age."""
    ends = [None, *(at - age for age in AGES)]
    begins = [*(at - age for age in AGES), None]
    columns = {
        f"column{number}": Count("pk", filter=_between(younger_than=begin, older_than=end))
        for number, (begin, end) in enumerate(zip(begins, ends, strict=True))
    }
    since = Coalesce(F("unknown_since"), F("submitted_at"), F("opened_at"))
    rows = Claim.objects.filter(state__in=OPEN).annotate(since=since).values("state").annotate(**columns)
    listed = rows.values_list("state", *columns)
    found = {state: tuple(counts) for state, *counts in listed}
    return tuple(AgeRow(state, found[state]) for state in OPEN if state in found)


def _between(*, younger_than: datetime | None, older_than: datetime | None) -> Q:
    """Begun after one moment and not after the other."""
    asked = Q()
    if younger_than is not None:
        asked &= Q(since__gt=younger_than)
    if older_than is not None:
        asked &= Q(since__lte=older_than)
    return asked


def _times(begin: datetime, end: datetime) -> tuple[float | None, float | None]:
    with connection.cursor() as cursor:
        cursor.execute(_TIMES, [begin, end])
        median, slow = cursor.fetchone()
    return median, slow


def _reasons(begin: datetime, end: datetime) -> tuple[tuple[str, int], ...]:
    """What the insurer said most often when it refused."""
    rows = Claim.objects.filter(opened_at__gte=begin, opened_at__lt=end).exclude(refusal="")
    counted = rows.values("refusal").annotate(number=Count("pk")).order_by("-number", "refusal")
    return tuple((row["refusal"], row["number"]) for row in counted[:MOST_REASONS])


def _routes(begin: datetime, end: datetime) -> tuple[RouteRow, ...]:
    rows = Claim.objects.filter(submitted_at__gte=begin, submitted_at__lt=end)
    counted = rows.values("route").annotate(sent=Count("pk"), settled=Count("pk", filter=Q(state__in=TAKEN)))
    return tuple(RouteRow(**row) for row in counted.order_by("route"))


def _agreements_that_end(*, clock_day: date) -> tuple[Agreement, ...]:
    """Agreements that are suspended, or end soon."""
    ends = Q(state=AgreementState.SIGNED, valid_until__lte=clock_day + SOON)
    rows = Agreement.objects.filter(ends | Q(state=AgreementState.SUSPENDED))
    return tuple(rows.select_related("institution").order_by(F("valid_until").asc(nulls_last=True), "pk"))
