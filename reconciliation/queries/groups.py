"""Groups of the insurer's sums that were met before."""

from datetime import timedelta

from reconciliation.models import Comparison, GroupTotal
from reconciliation.rules.groups import GroupKey

LOOK_BACK_DAYS = 62


def groups_known_before(comparison: Comparison) -> list[GroupKey]:
    """Groups of this institution that held anything in the last two months; they are asked about even when empty."""
    rows = GroupTotal.objects.filter(
        comparison__institution=comparison.institution_id,
        comparison__day__gte=comparison.day - timedelta(days=LOOK_BACK_DAYS),
        comparison__day__lte=comparison.day,
        our_count__gt=0,
    )
    codes = rows.order_by().values_list("insurance_type", "clearing_type", "clearing_agency").distinct()
    return [GroupKey(*row) for row in codes]
