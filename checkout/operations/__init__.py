"""What checkout can do, and how it goes on by itself."""

from checkout.operations.desk import push, stop
from checkout.operations.opening import choose_insurance, choose_self_pay, open_checkout
from checkout.operations.paying import pay_through, start_payment
from checkout.operations.reading import note_reading
from checkout.operations.steps import locked as lock_checkout
from checkout.operations.unwinding import close_unpaid, unwind

__all__ = [
    "choose_insurance",
    "choose_self_pay",
    "close_unpaid",
    "lock_checkout",
    "note_reading",
    "open_checkout",
    "pay_through",
    "push",
    "start_payment",
    "stop",
    "unwind",
]
