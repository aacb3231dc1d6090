"""Days and what was found on them; the number of statements does not depend on the number of days or differences."""

from datetime import date

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.db.models.functions import Abs, Coalesce

from kernel.money import ZERO
from reconciliation.models import Comparison, Difference
from reconciliation.rules.kinds import Kind
from reconciliation.states import ComparisonState, DifferenceState

ACTIVE = ~Q(state=DifferenceState.CLOSED)


def comparisons_between(first: date, last: date) -> QuerySet[Comparison]:
    """Comparisons of days (both included), each with ``active_count``; newest day first."""
    return (
        Comparison.objects.filter(day__gte=first, day__lte=last)
        .select_related("institution")
        .annotate(active_count=Count("differences", filter=~Q(differences__state=DifferenceState.CLOSED)))
        .order_by("-day", "source", "institution_id")
    )


def waiting_sums() -> dict[str, object]:
    """What waits over all days: ``count``, ``unknown``, ``amount`` (yuan, sizes of the gaps), ``oldest`` day."""
    gap = Abs(Coalesce("their_total", ZERO) - Coalesce("our_total", ZERO))
    return Difference.objects.filter(ACTIVE).aggregate(
        count=Count("pk"),
        unknown=Count("pk", filter=Q(kind=Kind.UNKNOWN)),
        amount=Sum(gap, default=ZERO),
        oldest=Min("comparison__day"),
    )


def unreached_count() -> int:
    """Comparisons whose other side has not answered."""
    return Comparison.objects.filter(state=ComparisonState.UNREACHED).count()


def newest_day() -> date | None:
    """The newest day that is open for comparing."""
    return Comparison.objects.order_by("-day").values_list("day", flat=True).first()
