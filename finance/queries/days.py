"""Cashier days, and what stands in the way of closing one."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q, QuerySet

from billing.models import Bill
from finance.models import CashierDay, CountLine
from finance.queries.day_sums import sums_of_day
from finance.rules.days import Obstacle, Sum, explained, is_same, obstacles_of_sums
from finance.states import DayState
from kernel.money import ZERO
from ledger.models import Posting
from payments.models import Channel, PaymentOrder, Refund
from reconciliation.models import Comparison, Difference
from reconciliation.rules.kinds import Source
from reconciliation.rules.schedule import bounds_of
from reconciliation.states import ComparisonState, DifferenceState

NO_CHANNEL = (Source.INSURER, Source.BOOKS)
_AGREES = (ComparisonState.BALANCED, ComparisonState.CLEARED, ComparisonState.DIFFERING)
UNRESOLVED = (DifferenceState.OPEN, DifferenceState.TAKEN)
_SOURCE_OF = {Channel.WECHAT.value: Source.CHANNEL.value, Channel.ALIPAY.value: Source.ALIPAY.value}
MISSING = "comparison:none"
"""The day was not compared with any channel."""


def institutions_that_moved(day: date) -> list[int]:
    """Institutions with a payment, a refund, a bill paid or an entry on a day; four statements."""
    first, after = bounds_of(day)
    within = (first, after)
    orders = PaymentOrder.objects.filter(paid_at__gte=within[0], paid_at__lt=within[1])
    back = Refund.objects.filter(done_at__gte=within[0], done_at__lt=within[1])
    bills = Bill.objects.filter(settled_at__gte=within[0], settled_at__lt=within[1])
    found = {
        *orders.values_list("bill__encounter__institution", flat=True),
        *back.values_list("order__bill__encounter__institution", flat=True),
        *bills.values_list("encounter__institution", flat=True),
        *Posting.objects.filter(on=day).values_list("institution", flat=True),
    }
    return sorted(found)


def days_between(first: date, last: date) -> QuerySet[CashierDay]:
    """Days of a span, both ends included, newest first, with the institution and who closed them."""
    rows = CashierDay.objects.select_related("institution", "closed_by", "count__counted_by")
    return rows.filter(day__gte=first, day__lte=last).order_by("-day", "institution_id")


def day_of(institution_id: int, day: date) -> CashierDay | None:
    """One day with what its page shows; None when it is not open."""
    rows = CashierDay.objects.select_related("institution", "closed_by", "count__counted_by")
    return rows.filter(institution=institution_id, day=day).first()


def days_that_wait() -> int:
    """Cashier days that nobody has closed."""
    return CashierDay.objects.exclude(state=DayState.CLOSED).count()


def counted_sums(day: CashierDay) -> list[Sum]:
    """The sums of the count that holds; empty when there is none."""
    lines = CountLine.objects.filter(day_count=day.count_id) if day.count_id else CountLine.objects.none()
    return [
        Sum(line.section, line.key, line.record_count, line.record_amount, line.book_amount) for line in lines
    ]


def has_changed_since_closed(day: CashierDay) -> bool:
    """Whether something of a closed day was told after it was counted; nine statements for a closed day."""
    if day.state != DayState.CLOSED:
        return False
    return not is_same(counted_sums(day), sums_of_day(day.institution_id, day.day))


def obstacles_of(day: CashierDay) -> list[Obstacle]:
    """Everything that stands in the way of closing, explained or not: sums that differ, the channels' answers."""
    return [*obstacles_of_sums(counted_sums(day)), *_comparisons(day), *_differences(day)]


def open_obstacles_of(day: CashierDay) -> list[Obstacle]:
    """Those that nobody has explained as they are now."""
    said = {one.obstacle: one.amount for one in day.explanations.order_by("pk")}
    return [one for one in obstacles_of(day) if not explained(one, said)]


def _comparisons(day: CashierDay) -> Iterator[Obstacle]:
    """Channels whose bill of the day has not been compared, as far as money moved through a channel."""
    rows = list(Comparison.objects.filter(day=day.day).exclude(source__in=NO_CHANNEL))
    moved = {_SOURCE_OF[line.key] for line in counted_sums(day) if line.section == "channel"}
    if not rows and moved:
        yield Obstacle(MISSING, ZERO)
        return
    waiting = {row.source for row in rows if row.state not in _AGREES}
    for source in sorted(waiting | (moved - {row.source for row in rows})):
        yield Obstacle(f"comparison:{source}", ZERO)


def _differences(day: CashierDay) -> Iterator[Obstacle]:
    """Unresolved differences with the channels that are of this institution, or of nobody we know."""
    ours = (
        Q(order__bill__encounter__institution=day.institution_id)
        | Q(refund__order__bill__encounter__institution=day.institution_id)
        | Q(order__isnull=True, refund__isnull=True)
    )
    rows = Difference.objects.filter(ours, comparison__day=day.day, state__in=UNRESOLVED)
    for row in rows.exclude(comparison__source__in=NO_CHANNEL).order_by("pk"):
        yield Obstacle(f"difference:{row.pk}", row.gap.total)
