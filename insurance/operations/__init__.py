"""What the insurance app can do; jobs carry the conversations with the insurer."""

from insurance.operations.claims import abandon_claim, open_claim, reverse_claim, submit_claim, void_claim
from insurance.operations.desk import (
    ask_now,
    conclude_by_hand,
    hand_back,
    mark_seen,
    take_over,
    void_unknown,
)
from insurance.operations.returning import return_lines, return_under_way, settled_again
from insurance.operations.undoing import may_undo

__all__ = [
    "abandon_claim",
    "ask_now",
    "conclude_by_hand",
    "hand_back",
    "mark_seen",
    "may_undo",
    "open_claim",
    "return_lines",
    "return_under_way",
    "reverse_claim",
    "settled_again",
    "submit_claim",
    "take_over",
    "void_claim",
    "void_unknown",
]
