"""Who pays a bill, and how a bill's parts fall on its lines; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation
from kernel.money import ZERO, allocate

PAYERS = ("fund", "account", "family", "institution", "cash")
"""Every payer of a line; the last one bears what the others leave."""


@dataclass(frozen=True, slots=True)
class LineFacts:
    """Amount of a line and how much of it the insurance recognises, in yuan."""

    amount: Decimal
    in_scope: Decimal


@dataclass(frozen=True, slots=True)
class Parts:
    """Who pays how much of something, in yuan."""

    fund: Decimal
    """统筹基金 and whatever else the insurance pays."""
    account: Decimal
    """Her own personal account (个人账户), without her family's."""
    cash: Decimal
    """She herself, through a payment channel."""
    family: Decimal = ZERO
    """The accounts of her family (家庭共济)."""
    institution: Decimal = ZERO
    """The hospital bears it."""

    @classmethod
    def nothing(cls) -> "Parts":
        """Nobody pays anything."""
        return cls(ZERO, ZERO, ZERO)

    @classmethod
    def of_cash(cls, amount: Decimal) -> "Parts":
        """The patient pays all of it."""
        return cls(ZERO, ZERO, amount)

    @classmethod
    def as_insurer_says(
        cls, *, fund: Decimal, accounts: Decimal, cash: Decimal, family: Decimal | None
    ) -> "Parts":
        """An insurer states the accounts together (acct_pay), and of them the family's part (acct_mulaid_pay).

        A family's part beyond the whole is cut: what the insurer pays in all is kept, whatever it said beside it.
        """
        aid = min(family or ZERO, accounts) if accounts >= 0 else max(family or ZERO, accounts)
        return cls(fund=fund, account=accounts - aid, cash=cash, family=aid)

    @property
    def accounts(self) -> Decimal:
        """Her own account and those of her family: what the insurer states as the account's part."""
        return self.account + self.family

    @property
    def insurance(self) -> Decimal:
        """Everything that comes from the insurer."""
        return self.fund + self.account + self.family

    @property
    def total(self) -> Decimal:
        """The whole."""
        return self.fund + self.account + self.cash + self.family + self.institution

    def is_as_agreed(self, other: "Parts") -> bool:
        """Whether she would pay the same: which of the accounts pays is the insurer's affair and her family's."""
        return (self.fund, self.accounts, self.cash) == (other.fund, other.accounts, other.cash)

    def each(self) -> dict[str, Decimal]:
        """Yuan by payer, in the order of ``PAYERS``."""
        return {payer: getattr(self, payer) for payer in PAYERS}

    def __add__(self, other: "Parts") -> "Parts":
        """Payer by payer."""
        return Parts(**{payer: amount + getattr(other, payer) for payer, amount in self.each().items()})

    def __neg__(self) -> "Parts":
        """Each payer's amount with the other sign."""
        return Parts(**{payer: -amount for payer, amount in self.each().items()})

    def __sub__(self, other: "Parts") -> "Parts":
        """Payer by payer."""
        return self + -other


def share_parts(lines: Sequence[LineFacts], parts: Parts) -> list[Parts]:
    """Shares of each line, in order; they sum to ``parts`` by payer and to each line's amount by line.

    The fund's part follows what the insurance recognises of each line; then her account, her family's accounts and
    the hospital follow, one after another, what is left of each line; the rest of each line is cash.

    Raises:
        ValueError: the parts do not sum to the lines, or the fund pays more than is in scope.

    Source: the insurer states the parts per settlement only; sharing them over lines is ours, for display.
    """
    if parts.total != sum((line.amount for line in lines), Decimal(0)):
        raise ValueError("the parts do not sum to the lines")
    in_scope = [line.in_scope for line in lines]
    if parts.fund > sum(in_scope, Decimal(0)):
        raise ValueError("the fund pays more than is in scope")
    shares = {"fund": allocate(parts.fund, in_scope)}
    left = _less([line.amount for line in lines], shares["fund"])
    for payer in PAYERS[1:-1]:
        shares[payer] = allocate(getattr(parts, payer), left)
        left = _less(left, shares[payer])
    return _by_line(shares | {"cash": left})


def share_returned(amounts: Sequence[Decimal], parts: Parts) -> list[Parts]:
    """Shares of each line given back, in order; ``amounts`` and their sum ``parts.total`` are negative yuan.

    Where every payer gets something back it is shared as it was paid. What is settled again may cost one payer more
    and another less than before: then each payer's difference follows the amounts of the lines.

    Raises:
        ValueError: the parts do not sum to the lines.

    Source: ours, as ``share_parts``.
    """
    if parts.total != sum(amounts, Decimal(0)):
        raise ValueError("the parts do not sum to the lines")
    if max(parts.each().values()) <= 0:
        shared = share_parts([LineFacts(-amount, -amount) for amount in amounts], -parts)
        return [-share for share in shared]
    weights = [-amount for amount in amounts]
    shares = {payer: allocate(getattr(parts, payer), weights) for payer in PAYERS[:-1]}
    left = list(amounts)
    for share in shares.values():
        left = _less(left, share)
    return _by_line(shares | {"cash": left})


def _less(amounts: Sequence[Decimal], shares: Sequence[Decimal]) -> list[Decimal]:
    return [amount - share for amount, share in zip(amounts, shares, strict=True)]


def _by_line(shares: dict[str, list[Decimal]]) -> list[Parts]:
    return [
        Parts(**dict(zip(shares, amounts, strict=True))) for amounts in zip(*shares.values(), strict=True)
    ]


def recognised_at_least(lines: Sequence[LineFacts], fund: Decimal) -> list[LineFacts]:
    """The lines as they are; when the fund pays more than they were said to have in scope, each wholly in scope.

    What the insurer has settled is kept whatever it said of the lines before: sharing is for display only.
    """
    if fund <= sum((line.in_scope for line in lines), Decimal(0)):
        return list(lines)
    return [LineFacts(line.amount, line.amount) for line in lines]


def stating_violations(*, is_open: bool) -> Iterator[Violation]:
    """BL-06: who pays how much is said while a bill is open; of a bill that is paid it stays.

    Source: ours: receipts and books say who has paid.
    """
    if not is_open:
        message = _("This bill is paid or closed: who paid how much of it stays.")
        way = _("Give lines back, or the whole bill.")
        yield Violation("BL-06", message, way, source="ours")
