"""Days and what was found on them; the number of statements does not depend on the number of days or differences."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.db.models.functions import Abs, Coalesce

from kernel.money import ZERO
from reconciliation.models import Comparison, Difference
from reconciliation.rules.kinds import Kind
from reconciliation.states import ComparisonState, DifferenceState

ACTIVE = ~Q(state=DifferenceState.CLOSED)
_GAP = Abs(Coalesce("their_total", ZERO) - Coalesce("our_total", ZERO))


def comparisons_between(first: date, last: date) -> QuerySet[Comparison]:
    """Comparisons of days (both included), each with ``active_count`` and ``active_amount``; newest day first.

    The amount sums the sizes of the gaps of what is not closed, in yuan.
    """
    active = ~Q(differences__state=DifferenceState.CLOSED)
    gap = Abs(Coalesce("differences__their_total", ZERO) - Coalesce("differences__our_total", ZERO))
    return (
        Comparison.objects.filter(day__gte=first, day__lte=last)
        .select_related("institution")
        .annotate(
            active_count=Count("differences", filter=active),
            active_amount=Sum(gap, filter=active, default=ZERO),
        )
        .order_by("-day", "source", "institution_id")
    )


def waiting_sums() -> dict[str, object]:
    """What waits over all days: ``count``, ``unknown``, ``amount`` (yuan, sizes of the gaps), ``oldest`` day."""
    return Difference.objects.filter(ACTIVE).aggregate(
        count=Count("pk"),
        unknown=Count("pk", filter=Q(kind=Kind.UNKNOWN)),
        amount=Sum(_GAP, default=ZERO),
        oldest=Min("comparison__day"),
    )


@dataclass(frozen=True, slots=True)
class KindSums:
    """What waits of one kind over all days; ``amount`` sums the sizes of the gaps, in yuan."""

    kind: Kind
    count: int
    amount: Decimal
    oldest: date
    nobodys: int
    """Nobody looks after them yet."""


def waiting_by_kind() -> list[KindSums]:
    """One row for each kind of which something waits, in the order of the kinds; one statement."""
    rows = Difference.objects.filter(ACTIVE).order_by().values("kind").annotate(
        count=Count("pk"), amount=Sum(_GAP, default=ZERO), oldest=Min("comparison__day"),
        nobodys=Count("pk", filter=Q(taken_by=None)),
    )  # fmt: skip
    found = {row["kind"]: (row["count"], row["amount"], row["oldest"], row["nobodys"]) for row in rows}
    return [KindSums(kind, *found[kind.value]) for kind in Kind if kind.value in found]


def unreached_count() -> int:
    """Comparisons whose other side has not answered."""
    return Comparison.objects.filter(state=ComparisonState.UNREACHED).count()


def newest_day() -> date | None:
    """The newest day that is open for comparing."""
    return Comparison.objects.order_by("-day").values_list("day", flat=True).first()
