"""What the ledger can do: post in one step or in two, reverse, and close a day."""

from ledger.operations.closing import close_days
from ledger.operations.posting import confirm, post, reserve, reverse, void

__all__ = ["close_days", "confirm", "post", "reserve", "reverse", "void"]
