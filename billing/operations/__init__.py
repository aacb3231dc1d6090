"""What billing can do: open a bill from a quote, say who pays, close it, give lines back, and lower a price."""

from billing.operations.closing import refund_bill, settle_bill, void_bill
from billing.operations.lowering import lower_price
from billing.operations.opening import lock_charges, open_bill
from billing.operations.paying import state_parts
from billing.operations.returning import return_lines_of_bill

__all__ = [
    "lock_charges",
    "lower_price",
    "open_bill",
    "refund_bill",
    "return_lines_of_bill",
    "settle_bill",
    "state_parts",
    "void_bill",
]
