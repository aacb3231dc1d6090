"""How a rule is, was and may be set, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from kernel import presentation
from screening.models import EffectChoice, RuleChange, RuleVersion
from screening.pages.words import EFFECT_BADGES, SWITCH_BADGES, thresholds_in_words
from screening.queries.versions import Span
from screening.rules.thresholds import LABELS

Badge = tuple[str, object]


@dataclass(frozen=True, slots=True)
class ShownSetting:
    """Effect, switch and thresholds."""

    effect: Badge
    switch: Badge
    thresholds: tuple[tuple[str, str], ...]


def shown_setting(of: RuleVersion) -> ShownSetting:
    """A version's setting."""
    return ShownSetting(
        EFFECT_BADGES[EffectChoice(of.effect)], SWITCH_BADGES[of.is_on], thresholds_in_words(of.thresholds)
    )


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A wish, and each thing that it would change: name, before, after."""

    wish: RuleChange
    lines: tuple[tuple[str, str, str], ...]


def shown_change(wish: RuleChange) -> ShownChange:
    """A wish beside how its rule is set; ``rule`` is loaded."""
    rule = wish.rule
    found = [
        (_("Switch"), _switch(is_on=rule.is_on), _switch(is_on=wish.is_on)),
        (_("Effect"), _effect(rule.effect), _effect(wish.effect)),
        *_thresholds(rule.thresholds, wish.thresholds),
    ]
    return ShownChange(wish, tuple(line for line in found if line[1] != line[2]))


def _switch(*, is_on: bool) -> str:
    return str(SWITCH_BADGES[is_on][1])


def _effect(effect: str) -> str:
    return str(EFFECT_BADGES[EffectChoice(effect)][1])


def _thresholds(before: Mapping[str, str], after: Mapping[str, str]) -> list[tuple[str, str, str]]:
    return [(str(LABELS.get(name, name)), before.get(name, "–"), text) for name, text in after.items()]


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """A version with its time and whoever made it."""

    version: RuleVersion
    until: datetime | None
    setting: ShownSetting


def shown_version(span: Span) -> ShownVersion:
    """One row of a rule's history."""
    return ShownVersion(span.version, span.until, shown_setting(span.version))


@dataclass(frozen=True, slots=True)
class ShownOn:
    """A rule as it stood on a day."""

    version: RuleVersion
    name: str
    setting: ShownSetting
    is_in_force: bool
    """On, and within the days the rule is for."""


def shown_on(version: RuleVersion, day: date) -> ShownOn:
    """One row of a day."""
    rule = version.rule
    begins, ends = rule.effective.lower, rule.effective.upper
    name = rule.name if presentation.is_chinese() else rule.name_en
    is_for = begins <= day and (ends is None or day < ends)
    return ShownOn(version, name, shown_setting(version), version.is_on and is_for)
