"""What can be done: simulate prices, and correct what was charged by others than the right ones."""

from repricing.operations.carrying import carry_out, carry_out_next
from repricing.operations.collecting import collect
from repricing.operations.drafting import collect_again, draft_corrections, leave_out, set_burden, take_in
from repricing.operations.paybacks import (
    note_declined,
    note_payback,
    note_refund,
    withdraw_paybacks,
    withdraw_supplements,
)
from repricing.operations.reviewing import abandon, approve, return_batch
from repricing.operations.simulating import simulate, start_simulation

__all__ = [
    "abandon",
    "approve",
    "carry_out",
    "carry_out_next",
    "collect",
    "collect_again",
    "draft_corrections",
    "leave_out",
    "note_declined",
    "note_payback",
    "note_refund",
    "return_batch",
    "set_burden",
    "simulate",
    "start_simulation",
    "take_in",
    "withdraw_paybacks",
    "withdraw_supplements",
]
