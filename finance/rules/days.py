"""When a cashier day may be counted, closed and opened again (FN-10 to FN-15); pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation

SHORTEST_REASON = 4
"""Characters."""


@dataclass(frozen=True, slots=True)
class Sum:
    """One sum of a day, in yuan: what the records say beside what the books say."""

    section: str
    key: str
    records: int
    record_amount: Decimal
    book_amount: Decimal

    @property
    def gap(self) -> Decimal:
        """Books less records."""
        return self.book_amount - self.record_amount


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that stands in the way of closing until a person explains it; ``amount`` in yuan."""

    key: str
    """``channel:wechat``, ``comparison:channel``, ``difference:7``: the same thing always has the same key."""
    amount: Decimal


def obstacles_of_sums(sums: Collection[Sum]) -> Iterator[Obstacle]:
    """Every sum whose two sides differ."""
    return (Obstacle(f"{one.section}:{one.key}", one.gap) for one in sums if one.gap)


def explained(obstacle: Obstacle, explanations: Mapping[str, Decimal]) -> bool:
    """Whether the newest explanation of an obstacle is about the same amount; ``explanations``: key -> yuan."""
    return explanations.get(obstacle.key) == obstacle.amount


def counting_violations(*, day: date, today: date) -> Iterator[Violation]:
    """FN-10: a day is counted when it has ended.

    Source: ours; whatever is paid later today belongs to today.
    """
    if day >= today:
        yield Violation("FN-10", _("This day has not ended."), _("It can be counted tomorrow."))


def closing_violations(
    *, counted: Collection[Sum], now: Collection[Sum], obstacles: Collection[Obstacle]
) -> Iterator[Violation]:
    """FN-11 and FN-12, as they apply when a day is to be closed; ``obstacles`` are those that nobody has explained."""
    if not is_same(counted, now):
        yield _changed()
    if obstacles:
        yield _in_the_way(len(obstacles))


def is_same(counted: Collection[Sum], now: Collection[Sum]) -> bool:
    """Whether the sums are still those that were counted, in any order."""
    return sorted(counted, key=_place) == sorted(now, key=_place)


def _place(one: Sum) -> tuple[str, str]:
    return one.section, one.key


def _changed() -> Violation:
    """FN-11: what is closed is what was counted; when the sums have changed since, the day is counted again.

    Source: ours; the person who closes has seen other figures.
    """
    return Violation(
        "FN-11", _("The sums have changed since the day was counted."), _("Please count it again.")
    )


def _in_the_way(count: int) -> Violation:
    """FN-12: a day is closed when records, books and channel agree, or a person has said why they do not.

    Source: ours, after 会计法 (2017), article 17: the books are checked against the money regularly, so that both agree.
    """
    words = _("Something does not agree and nobody has said why: %(count)s.") % {"count": count}
    return Violation("FN-12", words, _("Please work through it, or explain each point below."))


def explaining_violations(*, obstacle: Obstacle | None, reason: str) -> Iterator[Violation]:
    """FN-13, FN-14: what stands in the way now is explained, in a few words."""
    if obstacle is None:
        yield _nothing_to_explain()
    if len(reason.strip()) < SHORTEST_REASON:
        yield reason_violation()


def _nothing_to_explain() -> Violation:
    """FN-13: only what stands in the way of closing is explained.

    Source: ours.
    """
    return Violation(
        "FN-13", _("This does not stand in the way of closing the day."), _("The page shows what does.")
    )


def reason_violation() -> Violation:
    """FN-14: what is explained, opened again or cancelled says why.

    Source: ours; the next auditor was not there.
    """
    return Violation(
        "FN-14",
        _("A reason is needed, in a few words."),
        _("Please write what you found and where it can be seen."),
        field="reason",
    )


def reopening_violations(*, closed_by: int, by: int, reason: str) -> Iterator[Violation]:
    """FN-15: a closed day is opened again by another person than the one who closed it.

    Source: ours, as for everything that undoes a control: two persons.
    """
    if closed_by == by:
        yield Violation(
            "FN-15", _("You have closed this day yourself."), _("Please ask a colleague to open it again.")
        )
    if len(reason.strip()) < SHORTEST_REASON:
        yield reason_violation()
