"""What may be asked of payments without changing anything."""

from payments.queries.amounts import amount_left, amount_under_way, is_given_back, round_of
from payments.queries.ways import Device, Way, has_account, is_offered, ways_to_pay

__all__ = [
    "Device",
    "Way",
    "amount_left",
    "amount_under_way",
    "has_account",
    "is_given_back",
    "is_offered",
    "round_of",
    "ways_to_pay",
]
