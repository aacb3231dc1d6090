"""What refunds can do, and how they go on by themselves."""

from refunds.operations.asking import request_refund, why_two_persons
from refunds.operations.deciding import approve, decline, send_again
from refunds.operations.policy import refund_amount, refund_by_policy

__all__ = [
    "approve",
    "decline",
    "refund_amount",
    "refund_by_policy",
    "request_refund",
    "send_again",
    "why_two_persons",
]
