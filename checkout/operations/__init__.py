"""What checkout can do, and how it goes on by itself."""

from checkout.operations.opening import choose_insurance, choose_self_pay, open_checkout
from checkout.operations.paying import start_payment
from checkout.operations.steps import locked as lock_checkout
from checkout.operations.unwinding import close_unpaid, unwind

__all__ = [
    "choose_insurance",
    "choose_self_pay",
    "close_unpaid",
    "lock_checkout",
    "open_checkout",
    "start_payment",
    "unwind",
]
