"""An insurer that says exactly what a test puts into its mouth; nothing goes over a wire."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from insurance.gateway import messages as m
from insurance.models import Claim
from kernel.money import ZERO

Said = Callable[[], m.SettlementReply | None]


def record(
    fund: str = "7.00",
    account: str = "2.00",
    cash: str = "1.00",
    *,
    hospital: str = "0.00",
    number: str = "S1",
) -> m.SettlementRecord:
    """What the insurer holds, in yuan, with sums that hold."""
    parts = [Decimal(part) for part in (fund, account, cash, hospital)]
    total = sum(parts, ZERO)
    return m.SettlementRecord(
        visit_number="V1", person_number="P1", settlement_number=number, insurance_type="310",
        total_amount=total, full_own_pay_amount=ZERO, over_limit_amount=ZERO, first_self_pay_amount=ZERO,
        in_scope_amount=total, pooled_amount=parts[0], fund_amount=parts[0], account_amount=parts[1],
        cash_amount=parts[2], hospital_part_amount=parts[3],
    )  # fmt: skip


def negative(of: m.SettlementRecord, number: str = "S2") -> m.SettlementRecord:
    """The record that takes all of it back."""
    amounts = {
        name: -getattr(of, name)
        for name in (
            "total_amount", "in_scope_amount", "pooled_amount", "fund_amount", "account_amount", "cash_amount",
            "hospital_part_amount",
        )
    }  # fmt: skip
    return replace(of, settlement_number=number, **amounts)


def nothing() -> None:
    """It answers, and there is nothing."""


def raising(error: Exception) -> Said:
    """It fails in this way."""

    def fail() -> None:
        raise error

    return fail


@dataclass
class SpokenRoute:
    """A ``ClaimRoute``; each verb says what it was given.

    ``held_by`` is asked for by the message's number; what is not named there is not held.
    """

    on_settle: Said = nothing
    on_void: Said = nothing
    on_reverse: Said = nothing
    held_by: dict[str, Said] | None = None

    def presettle(self, _claim: Claim) -> m.SettlementReply:
        """Not asked for in these tests."""
        raise NotImplementedError

    def settle(self, _claim: Claim) -> m.SettlementReply | None:
        """2207A."""
        return self.on_settle()

    def held(self, _claim: Claim, msgid: str) -> m.SettlementReply | None:
        """5203."""
        return (self.held_by or {}).get(msgid, nothing)()

    def void(self, _claim: Claim) -> None:
        """2601."""
        self.on_void()

    def reverse(self, _claim: Claim) -> m.SettlementReply | None:
        """2208."""
        return self.on_reverse()
