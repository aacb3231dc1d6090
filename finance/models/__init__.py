"""What the finance office keeps: cashier days with their counts, payouts, and transfers of the insurance."""

from finance.models.days import CashierDay, CountLine, DayCount, DayExplanation, Section
from finance.models.insurer_transfers import InsurerTransfer, InsurerTransferLine, Rest
from finance.models.payouts import Payout

__all__ = [
    "CashierDay",
    "CountLine",
    "DayCount",
    "DayExplanation",
    "InsurerTransfer",
    "InsurerTransferLine",
    "Payout",
    "Rest",
    "Section",
]
