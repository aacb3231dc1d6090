"""SC-01 to SC-05: what the insurance office may do with a rule."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation
from screening.rules.kinds import WITH_POINTS, Effect, Kind


@dataclass(frozen=True, slots=True)
class SwitchFacts:
    """A wish to switch a rule."""

    is_on: bool
    turns_on: bool
    effect: Effect
    reason: str
    has_open_wish: bool = False


def needs_second_person(facts: SwitchFacts) -> bool:
    """Switching off a rule that denies is decided by two."""
    return facts.effect is Effect.DENY and not facts.turns_on


def switch_violations(facts: SwitchFacts) -> Iterator[Violation]:
    """Everything that forbids the wish."""
    yield from sc01_reason(facts)
    yield from sc02_changes_something(facts)


def sc01_reason(facts: SwitchFacts) -> Iterator[Violation]:
    """A rule is switched with a written reason.

    Source: ours.
    """
    if not facts.reason.strip():
        yield Violation("SC-01", _("Write why the rule is switched."), field="reason")


def sc02_changes_something(facts: SwitchFacts) -> Iterator[Violation]:
    """A rule is switched to what it is not yet, and only one wish is open at a time.

    Source: ours.
    """
    if facts.is_on == facts.turns_on:
        yield Violation("SC-02", _("The rule is so already."), _("Look at the page again."))
    elif facts.has_open_wish:
        yield Violation(
            "SC-02", _("Another wish for this rule waits for a decision."), _("Decide on it first.")
        )


def sc03_second_person(*, proposed_by: int, decided_by: int) -> Iterator[Violation]:
    """Whoever proposed to switch off a rule that denies does not decide on it.

    Source: ours (four eyes, as for prices).
    """
    if proposed_by == decided_by:
        yield Violation(
            "SC-03", _("A second person decides on this."), _("Ask a colleague of the insurance office.")
        )


def sc04_takes_points(kind: Kind) -> Iterator[Violation]:
    """Only a rule that is a list of knowledge points takes a file.

    Source: ours.
    """
    if kind not in WITH_POINTS:
        yield Violation(
            "SC-04", _("This rule is no list of knowledge points: it has thresholds instead."), field="file"
        )


def sc05_batch_of_rule(batch: str, batches: str) -> Iterator[Violation]:
    """A file belongs to one of the batches of its rule.

    Source: ours (numbers of points count within a batch).
    """
    if batch not in batches.split():
        yield Violation("SC-05", _("Choose the batch that the file is of."), field="batch")
