"""Which lines meet what they exclude."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing.rules.between.entries import Entries, Entry
from pricing.rules.between.loads import Load
from pricing.rules.between.windows import spans_of
from pricing.rules.facts import ChargeRuleFact

_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A line of this order and what it may not stand beside."""

    entry: Entry
    met: tuple[Entry, ...]
    """What it meets in one window; never empty."""
    others: Sequence[Entry]
    """Everything it may not meet, in whatever window."""
    load: Load
    """Of the others."""


def meetings(rule: ChargeRuleFact, entries: Entries) -> Iterator[Meeting]:
    """Every subject of this order that meets a partner, and every partner of it that meets an earlier subject."""
    partners = rule.partners or rule.subjects
    yield from _met(rule, entries, rule.subjects, lambda code: _beside(entries, partners - {code}))
    if rule.partners:
        yield from _met(rule, entries, partners, lambda code: _earlier_subjects(rule, entries, code))


def _beside(entries: Entries, codes: frozenset[str]) -> list[Entry]:
    return [*entries.asked_of(codes), *entries.done_of(codes)]


def _earlier_subjects(rule: ChargeRuleFact, entries: Entries, code: str) -> list[Entry]:
    """What a partner must not follow; an item that is a subject as well was looked at as one."""
    seen = rule.partners if code in rule.subjects else frozenset[str]()
    return entries.done_of(rule.subjects - {code} - seen)


def _met(
    rule: ChargeRuleFact,
    entries: Entries,
    codes: Iterable[str],
    others_of: Callable[[str], list[Entry]],
) -> Iterator[Meeting]:
    for code in sorted(codes):
        asked = entries.asked_of({code})
        others = others_of(code) if asked else []
        if others:
            load = Load((spans_of(other, rule, entries), _ONE) for other in others)
            for entry in asked:
                met = _sharing(entry, rule, entries, others, load)
                if met:
                    yield Meeting(entry, met, others, load)


def _sharing(
    entry: Entry, rule: ChargeRuleFact, entries: Entries, others: Sequence[Entry], load: Load
) -> tuple[Entry, ...]:
    """The others in a window with the entry; looked for one by one only when there is one."""
    spans = spans_of(entry, rule, entries)
    if load.most(spans) == 0:
        return ()
    return tuple(other for other in others if Load([(spans_of(other, rule, entries), _ONE)]).most(spans) > 0)
