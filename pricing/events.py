"""What pricing tells the apps that have charged."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PricesCorrected:
    """Prices of days that have passed are now known to have been others."""

    revision_id: int
