"""What the entries of a difference have booked on our side."""

from django.db.models import Sum

from kernel.money import ZERO
from reconciliation.models import Difference
from reconciliation.rules.parts import Parts


def booked_for(difference: Difference) -> Parts:
    """Yuan booked so far; what was taken back counts negative."""
    sums = difference.entries.aggregate(
        fund=Sum("fund_amount", default=ZERO),
        account=Sum("account_amount", default=ZERO),
        cash=Sum("cash_amount", default=ZERO),
    )
    return Parts(sums["fund"] + sums["account"] + sums["cash"], sums["fund"], sums["account"], sums["cash"])
