"""Bills and their frozen lines."""

from billing.models.bills import Bill, BillPurpose, FeeDetail, PaidByParts

__all__ = ["Bill", "BillPurpose", "FeeDetail", "PaidByParts"]
