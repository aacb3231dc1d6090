"""What repricing tells the apps above."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OverchargeFound:
    """She paid too much of a bill by a price that was not right; it is to be paid back."""

    payback_id: int


@dataclass(frozen=True)
class PaidBackByOffice:
    """The money office has paid it back by another way than the channel."""

    payback_id: int
