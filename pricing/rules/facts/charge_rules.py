"""Rules between lines as their documents say them, found by the items they bind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from pricing.rules.kinds import RuleKind, Window


@dataclass(frozen=True, slots=True)
class ChargeRuleFact:
    """A rule between lines (收费规则), as its document says it, over the days ``[begin, end)``."""

    code: str
    kind: RuleKind
    region_code: str
    window: Window
    window_length: int | None
    """Days or hours, for ``Window.DAYS`` and ``Window.HOURS``."""
    subjects: frozenset[str]
    """Codes of items."""
    partners: frozenset[str]
    """Codes of items; empty where the kind needs none."""
    limit_quantity: Decimal | None
    limit_amount: Decimal | None
    """Yuan."""
    text: str
    """The rule as people read it."""
    text_en: str
    source: str
    """Document number and place in it."""
    begin: date
    end: date | None
    evidence_grade: str


class ChargeRules(tuple[ChargeRuleFact, ...]):
    """Rules in any order; sorted by item once, so that a quote looks only at those that may concern it."""

    @cached_property
    def by_subject(self) -> Mapping[str, tuple[ChargeRuleFact, ...]]:
        """Rules by the code of each item they bind, exclusions apart; an item may be bound by many."""
        found: dict[str, list[ChargeRuleFact]] = {}
        for rule in self:
            for code in () if rule.kind is RuleKind.EXCLUSION else rule.subjects:
                found.setdefault(code, []).append(rule)
        return {code: tuple(rules) for code, rules in found.items()}

    @cached_property
    def exclusions(self) -> Mapping[str, Mapping[str, tuple[ChargeRuleFact, ...]]]:
        """Exclusions by the code of a subject and of what it excludes: most pairs are never both there."""
        return _pairs((rule, rule.subjects, rule.partners or rule.subjects) for rule in self._excluding())

    @cached_property
    def excluded(self) -> Mapping[str, Mapping[str, tuple[ChargeRuleFact, ...]]]:
        """The same from the other side: by the code of a partner and of its subject."""
        return _pairs((rule, rule.partners, rule.subjects) for rule in self._excluding())

    def _excluding(self) -> Iterable[ChargeRuleFact]:
        return (rule for rule in self if rule.kind is RuleKind.EXCLUSION)


def _pairs(
    sides: Iterable[tuple[ChargeRuleFact, frozenset[str], frozenset[str]]],
) -> Mapping[str, Mapping[str, tuple[ChargeRuleFact, ...]]]:
    found: dict[str, dict[str, tuple[ChargeRuleFact, ...]]] = {}
    for rule, these, those in sides:
        for code in these:
            others = found.setdefault(code, {})
            for other in those - {code}:
                others[other] = (*others.get(other, ()), rule)
    return found
