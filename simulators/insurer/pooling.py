"""What the basic fund pays: deductible, tiers, caps. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from .counting import WHOLE_YEAR, Count, Entry, window_of
from .money import ZERO, to_fen_precision
from .policy import Cap, Scheme, Tier, Treatment

Counted = Callable[[str, str], Count]


@dataclass(frozen=True)
class Pooled:
    """One scheme's part of a settlement, in yuan; ``beyond`` are fees that a cap has left out."""

    scheme: Scheme
    deductible: Decimal
    eligible: Decimal
    paid: Decimal
    rate: Decimal
    beyond: Decimal
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Walk:
    """A way up the tiers: what was paid (not rounded), the last rate, and the fees that were shared."""

    paid: Decimal
    rate: Decimal
    shared: Decimal


def pooled(
    scheme: Scheme, in_scope: Decimal, treatment: Treatment, counted: Counted, factor: Decimal
) -> Pooled:
    """Share the in-scope fees of one scheme between the person and the basic fund.

    Args:
        scheme: the row of the policy.
        in_scope: yuan.
        treatment: where, when and for what.
        counted: the year's cumulative amounts by (counter, window).
        factor: on every rate, below 1 for treatment elsewhere.
    """
    spans = _windows(scheme, treatment)
    before = counted(scheme.counter, spans.deductible)
    dedc = min(max(ZERO, scheme.deductible - before.deducted), in_scope)
    eligible = in_scope - dedc
    year = counted(scheme.counter, WHOLE_YEAR)
    position = year.fund_paid if scheme.tier_base == "fund" else year.eligible
    rooms = [
        _room(cap, counted(scheme.counter, span)) for cap, span in zip(scheme.caps, spans.caps, strict=True)
    ]
    walk = climb(
        tuple(Tier(tier.upto, tier.rate * factor) for tier in scheme.tiers),
        eligible,
        position=position,
        by_fund=scheme.tier_base == "fund",
        fund_room=_least(rooms, "fund", scheme.caps),
        fee_room=_least(rooms, "fee", scheme.caps),
    )
    paid = to_fen_precision(walk.paid)
    entries = tuple(
        Entry(scheme.counter, span, dedc, eligible, paid) for span in dict.fromkeys([WHOLE_YEAR, *spans.all])
    )
    beyond = eligible - to_fen_precision(walk.shared)
    return Pooled(scheme, dedc, eligible, paid, walk.rate if eligible else Decimal(0), beyond, entries)


def climb(
    tiers: tuple[Tier, ...],
    amount: Decimal,
    *,
    position: Decimal,
    by_fund: bool = False,
    fund_room: Decimal | None = None,
    fee_room: Decimal | None = None,
) -> Walk:
    """Walk an amount of fees up the tiers from a position, until a room is used up.

    ``position`` and the tiers' ends are fees, or with ``by_fund`` what the fund has paid. Rooms are yuan; None is
    endless. Amounts are not rounded.
    """
    left = amount if fee_room is None else min(amount, fee_room)
    paid, rate, shared = Decimal(0), Decimal(0), Decimal(0)
    for tier in tiers:
        step = min(left, _height(tier, position, by_fund=by_fund))
        if fund_room is not None and tier.rate * step > fund_room - paid:
            step = (fund_room - paid) / tier.rate
        if step <= 0:
            continue
        paid, rate, shared = paid + step * tier.rate, tier.rate, shared + step
        left, position = left - step, position + (step * tier.rate if by_fund else step)
    return Walk(paid, rate, shared)


def _height(tier: Tier, position: Decimal, *, by_fund: bool) -> Decimal:
    """Fees that still fit into a tier."""
    if tier.upto is None:
        return Decimal("Infinity")
    room = max(Decimal(0), tier.upto - position)
    return room / tier.rate if by_fund else room


@dataclass(frozen=True)
class _Windows:
    deductible: str
    caps: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        return (self.deductible, *self.caps)


def _windows(scheme: Scheme, treatment: Treatment) -> _Windows:
    def name(per: str, *, by_disease: bool = False) -> str:
        disease = treatment.disease if by_disease else ""
        return window_of(per=per, on=treatment.on, visit=treatment.visit, disease=disease)

    caps = tuple(name(cap.per, by_disease=cap.by_disease) for cap in scheme.caps)
    return _Windows(name(scheme.deductible_per), caps)


def _room(cap: Cap, used: Count) -> Decimal:
    return max(ZERO, cap.amount - (used.fund_paid if cap.of == "fund" else used.eligible))


def _least(rooms: list[Decimal], of: str, caps: tuple[Cap, ...]) -> Decimal | None:
    return min((room for room, cap in zip(rooms, caps, strict=True) if cap.of == of), default=None)
