"""SC-01 to SC-03, SC-06 and SC-07: how the insurance office may set a rule, and when it takes two persons."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation
from screening.rules.kinds import Effect, Kind
from screening.rules.thresholds import thresholds_of

_STRENGTH = {Effect.RECORD: 0, Effect.WARN: 1, Effect.DENY: 2}
LONGEST_REASON = 200
"""Characters."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How a rule is set; the thresholds are the text of whole numbers."""

    is_on: bool
    effect: Effect
    thresholds: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """A wish to set a rule in another way."""

    kind: Kind
    now: Setting
    wanted: Setting
    shipped: Setting
    """As it was published or shipped: its first version."""
    is_sourced: bool
    """It rests on a published document."""
    reason: str
    has_open_wish: bool = False
    is_stale: bool = False
    """It was changed since whoever wishes it has looked."""


def weakened(kind: Kind, before: Setting, after: Setting) -> frozenset[str]:
    """In what ``after`` finds or stops less than ``before``: ``switch``, ``effect``, names of thresholds."""
    found = {
        each.name
        for each in thresholds_of(kind)
        if before.thresholds.get(each.name)
        and each.is_weaker(int(after.thresholds[each.name]), int(before.thresholds[each.name]))
    }
    if before.is_on and not after.is_on:
        found.add("switch")
    if _STRENGTH[after.effect] < _STRENGTH[before.effect]:
        found.add("effect")
    return frozenset(found)


def needs_second_person(facts: ChangeFacts) -> bool:
    """Weakening a rule that denies, or a published rule to less than its document, is decided by two.

    Source: ours (four eyes, as for prices): the fund takes back what such a rule would have stopped.
    """
    lost = weakened(facts.kind, facts.now, facts.wanted)
    if facts.now.effect is Effect.DENY:
        return bool(lost)
    return facts.is_sourced and bool(lost & weakened(facts.kind, facts.shipped, facts.wanted))


def tidy(kind: Kind, typed: Setting) -> Setting:
    """The wish with its thresholds as plain numbers; those that cannot be read stay as they were typed."""
    texts = {each.name: typed.thresholds.get(each.name, "").strip() for each in thresholds_of(kind)}
    plain = {name: str(int(text)) if _is_number(text) else text for name, text in texts.items()}
    return replace(typed, thresholds=plain)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len("1000000")


def change_violations(facts: ChangeFacts) -> Iterator[Violation]:
    """Everything that forbids the wish."""
    yield from sc01_reason(facts.reason)
    unread = tuple(sc06_threshold(facts))
    yield from unread
    if not unread:
        yield from sc02_changes_something(facts)


def sc01_reason(reason: str) -> Iterator[Violation]:
    """A rule is changed with a written reason.

    Source: ours.
    """
    if not reason.strip():
        yield Violation("SC-01", _("Write why the rule is changed."), field="reason")
    elif len(reason.strip()) > LONGEST_REASON:
        text = _("Please write at most %(most)s characters.") % {"most": LONGEST_REASON}
        yield Violation("SC-01", text, field="reason")


def sc02_changes_something(facts: ChangeFacts) -> Iterator[Violation]:
    """A rule is set to what it is not yet, from what was looked at, and only one wish is open at a time.

    Source: ours.
    """
    if facts.is_stale:
        text = _("Somebody has changed the rule since you opened this page.")
        yield Violation("SC-02", text, _("Look at the page again."))
    elif facts.now == facts.wanted:
        yield Violation("SC-02", _("The rule is so already."), _("Look at the page again."))
    elif facts.has_open_wish:
        yield Violation(
            "SC-02", _("Another wish for this rule waits for a decision."), _("Decide on it first.")
        )


def sc03_second_person(*, proposed_by: int, decided_by: int) -> Iterator[Violation]:
    """Whoever proposed to weaken a rule does not decide on it.

    Source: ours (four eyes, as for prices).
    """
    if proposed_by == decided_by:
        yield Violation(
            "SC-03", _("A second person decides on this."), _("Ask a colleague of the insurance office.")
        )


def sc06_threshold(facts: ChangeFacts) -> Iterator[Violation]:
    """A threshold is a whole number within its bounds.

    Source: ours; outside them the rule would find everything or nothing.
    """
    for each in thresholds_of(facts.kind):
        typed = facts.wanted.thresholds.get(each.name, "")
        if not _is_number(typed) or not each.least <= int(typed) <= each.most:
            bounds = {"name": each.label, "least": each.least, "most": each.most}
            text = _("%(name)s: please give a whole number from %(least)s to %(most)s.") % bounds
            yield Violation("SC-06", text, field=f"threshold_{each.name}")


def sc07_effect(typed: str) -> Iterator[Violation]:
    """A rule denies, warns or records.

    Source: ours.
    """
    if typed not in set(Effect):
        yield Violation("SC-07", _("Please choose what a finding does."), field="effect")
