"""What billing can do: open a bill from a quote, say who pays, close it, and give lines back."""

from billing.operations.closing import refund_bill, settle_bill, void_bill
from billing.operations.opening import lock_charges, open_bill
from billing.operations.paying import state_parts
from billing.operations.returning import return_lines_of_bill

__all__ = [
    "lock_charges",
    "open_bill",
    "refund_bill",
    "return_lines_of_bill",
    "settle_bill",
    "state_parts",
    "void_bill",
]
