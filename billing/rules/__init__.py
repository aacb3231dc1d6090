"""Who pays what of a bill, what a line keeps of what was asked, and what may be given back."""

from billing.rules.asked import asked_again, asked_beyond
from billing.rules.parts import PAYERS, LineFacts, Parts, recognised_at_least, share_parts, share_returned

__all__ = [
    "PAYERS",
    "LineFacts",
    "Parts",
    "asked_again",
    "asked_beyond",
    "recognised_at_least",
    "share_parts",
    "share_returned",
]
