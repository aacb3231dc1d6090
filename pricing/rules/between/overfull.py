"""Which lines lie in a window that holds more than it may."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from pricing.rules.between.again import possible_from
from pricing.rules.between.entries import Entries, Entry
from pricing.rules.between.loads import Load
from pricing.rules.between.windows import Span, spans_of
from pricing.rules.facts import ChargeRuleFact

_NOTHING = Decimal(0)
Weigh = Callable[[Entry], Decimal]


@dataclass(frozen=True, slots=True)
class Over:
    """A line of this order that lies in an overfull window."""

    entry: Entry
    count: Decimal
    """Units or yuan in the fullest of its windows."""
    left: Decimal
    """What its windows leave when it is not charged; negative where they are overfull without it."""
    again: datetime | None
    """When it would fit; see ``possible_from``."""


def overfull(
    rule: ChargeRuleFact, entries: Entries, codes: frozenset[str], limit: Decimal, weigh: Weigh
) -> Iterator[Over]:
    """Lines with these items in a window of more than ``limit``.

    A line of no weight is passed over: leaving it out would change nothing.
    """
    everything = entries.all_of(codes)
    if sum(max(weigh(entry), _NOTHING) for entry in everything) <= limit:
        return
    load = _load(rule, entries, everything, weigh)
    alike: dict[tuple[tuple[Span, ...], Decimal], Over] = {}
    for entry in entries.asked_of(codes):
        spans, weight = spans_of(entry, rule, entries), weigh(entry)
        count = load.most(spans)
        if count > limit and weight > 0:
            if (spans, weight) not in alike:
                others = [other for other in everything if other is not entry]
                alike[spans, weight] = _over(entry, rule, entries, others, limit, count, weigh)
            yield replace(alike[spans, weight], entry=entry)


def _over(
    entry: Entry,
    rule: ChargeRuleFact,
    entries: Entries,
    others: list[Entry],
    limit: Decimal,
    count: Decimal,
    weigh: Weigh,
) -> Over:
    load = _load(rule, entries, others, weigh)
    left = limit - load.most(spans_of(entry, rule, entries))
    room = limit - weigh(entry)
    return Over(entry, count, left, possible_from(entry, rule, entries, others=others, load=load, room=room))


def _load(rule: ChargeRuleFact, entries: Entries, these: list[Entry], weigh: Weigh) -> Load:
    return Load((spans_of(entry, rule, entries), weigh(entry)) for entry in these)
