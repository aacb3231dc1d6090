"""Bills and their frozen lines, and lower prices found afterwards."""

from billing.models.bills import Bill, BillPurpose, FeeDetail, PaidByParts
from billing.models.decreases import PriceDecrease

__all__ = ["Bill", "BillPurpose", "FeeDetail", "PaidByParts", "PriceDecrease"]
