"""What the funds after the basic one pay, in the order of the policy. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from .counting import WHOLE_YEAR, Entry
from .money import ZERO, to_fen_precision
from .policy import Supplement
from .pooling import Counted, climb


@dataclass(frozen=True)
class Supplemented:
    """Amounts paid by wire name, in yuan, and what they add to the year's cumulative amounts."""

    paid: Mapping[str, Decimal]
    entries: tuple[Entry, ...]


def supplemented(
    rows: tuple[Supplement, ...], counted: Counted, *, burden: Decimal, beyond_cap: Decimal
) -> Supplemented:
    """Pay from one fund after the other; each takes its share of what the ones before have left.

    Args:
        rows: the supplements that apply, in the order of payment.
        counted: the year's cumulative amounts by (counter, window).
        burden: in-scope fees that the basic fund has left to the person, yuan.
        beyond_cap: the part of them that a cap of the basic fund has left out, yuan.
    """
    paid: dict[str, Decimal] = {}
    entries = []
    for row in rows:
        base = min(burden, beyond_cap) if row.base == "beyond_cap" else burden
        year = counted(row.fund, WHOLE_YEAR)
        room = None if row.cap is None else max(ZERO, row.cap - year.fund_paid)
        amount = to_fen_precision(climb(row.tiers, base, position=year.eligible, fund_room=room).paid)
        burden -= amount
        paid[row.fund] = paid.get(row.fund, ZERO) + amount
        if base:
            entries.append(Entry(row.fund, WHOLE_YEAR, ZERO, base, amount))
    return Supplemented(paid, tuple(entries))
