"""What the finance office keeps: cashier days with their counts, and payouts."""

from finance.models.days import CashierDay, CountLine, DayCount, DayExplanation, Section
from finance.models.payouts import Payout

__all__ = ["CashierDay", "CountLine", "DayCount", "DayExplanation", "Payout", "Section"]
