"""The fiscal platform that gives out numbers of fiscal e-receipts (财政电子票据); outside, and not connected here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class FiscalNumbers:
    """What the platform gave a receipt."""

    code: str
    """票据代码, 8 digits."""
    number: str
    """票据号码, 10 digits."""
    check_code: str
    """校验码, 6 characters."""


class FiscalPlatform(Protocol):
    """What a connection to a province's platform has to do; ``receipts.operations.note_fiscal`` keeps the answer."""

    def open_receipt(self, content: Mapping[str, Any], *, key: str) -> FiscalNumbers:
        """Ask for a number; the same ``key`` (our receipt number) is the same receipt."""
        ...

    def cancel_receipt(self, numbers: FiscalNumbers, *, key: str, reason: str) -> FiscalNumbers:
        """Ask for the red one of a receipt (冲红)."""
        ...
