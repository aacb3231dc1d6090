"""An amount and who bore it, in yuan; may be negative."""

from dataclasses import dataclass
from decimal import Decimal

from kernel.money import ZERO


@dataclass(frozen=True, slots=True)
class Parts:
    """``total`` is what was written down for the whole, not a sum made here."""

    total: Decimal
    fund: Decimal
    account: Decimal
    cash: Decimal

    @classmethod
    def of(
        cls, total: Decimal | None, fund: Decimal | None, account: Decimal | None, cash: Decimal | None
    ) -> "Parts | None":
        """None when there is no total; a part that is not known counts as zero."""
        if total is None:
            return None
        return cls(total, fund or ZERO, account or ZERO, cash or ZERO)

    @classmethod
    def nothing(cls) -> "Parts":
        """Zero everywhere."""
        return cls(ZERO, ZERO, ZERO, ZERO)

    @property
    def largest(self) -> Decimal:
        """The size of the largest amount among the total and its parts."""
        return max(abs(amount) for amount in (self.total, self.fund, self.account, self.cash))

    def __sub__(self, other: "Parts") -> "Parts":
        """Part by part."""
        return Parts(
            self.total - other.total,
            self.fund - other.fund,
            self.account - other.account,
            self.cash - other.cash,
        )
