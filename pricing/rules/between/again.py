"""From when on a refused line is possible."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from pricing.rules.between.entries import Entries, Entry
from pricing.rules.between.loads import Load
from pricing.rules.between.windows import begins_at, left_at, moved_to, spans_of
from pricing.rules.facts import ChargeRuleFact


def possible_from(
    entry: Entry,
    rule: ChargeRuleFact,
    entries: Entries,
    *,
    others: Iterable[Entry],
    load: Load,
    room: Decimal,
) -> datetime | None:
    """The first moment at which the entry would meet no more than ``room`` of the others.

    On the clock of Asia/Shanghai; midnight stands for the day. ``load`` is that of the ``others``. None where
    waiting does not help: the window is a visit or a course, or the entry alone is too much.
    """
    if room < 0:
        return None
    now = begins_at(entry)
    partings = {left_at(other, rule) for other in others}
    for moment in sorted(moment for moment in partings if moment is not None and moment > now):
        if load.most(spans_of(moved_to(entry, moment), rule, entries)) <= room:
            return moment
    return None
