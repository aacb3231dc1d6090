"""The books: what has happened to a bill, at the insurer and at a channel is posted, once, as ``finance.rules.postings`` says.

Every function reads what is written and posts it under a key of its own; asked again it adds nothing. So the books of a
bill can be brought up to date at any time (``finance.operations.books.catching_up``).
"""

from finance.operations.books.bills import book_given_back, book_opened, book_paid, book_returned, book_voided
from finance.operations.books.channels import (
    book_channel_payout,
    book_order_paid,
    book_refund_done,
    book_refund_failed,
    book_refund_requested,
)
from finance.operations.books.insurer import book_claim
from finance.operations.books.others import book_difference, book_overcharge, book_paid_back_by_office

__all__ = [
    "book_channel_payout",
    "book_claim",
    "book_difference",
    "book_given_back",
    "book_opened",
    "book_order_paid",
    "book_overcharge",
    "book_paid",
    "book_paid_back_by_office",
    "book_refund_done",
    "book_refund_failed",
    "book_refund_requested",
    "book_returned",
    "book_voided",
]
