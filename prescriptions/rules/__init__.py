"""Prescription rules: pure functions over frozen facts; no database and no clock."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from prescriptions.rules import allergies, conditions, dosing, duplicates, interactions, standing, supply
from prescriptions.rules.conditions import CONTRAINDICATIONS
from prescriptions.rules.facts import PrescriptionFacts
from prescriptions.rules.findings import RuleFinding, Severity
from prescriptions.rules.interaction_table import INTERACTIONS

Rule = Callable[[PrescriptionFacts], Iterable[RuleFinding]]

RULES: tuple[Rule, ...] = (
    *standing.RULES,
    *supply.RULES,
    *dosing.RULES,
    *allergies.RULES,
    *interactions.RULES,
    *conditions.RULES,
    *duplicates.RULES,
)

RULE_COUNT = (
    len(RULES) - 2 + len({row.rule for row in INTERACTIONS}) + len({row.rule for row in CONTRAINDICATIONS})
)
"""Numbered rules that every prescription is checked against; two functions hold a table of them each."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The doctor's reason to keep a grave finding."""

    reason: str
    signs_again: bool = False


def check(facts: PrescriptionFacts) -> tuple[RuleFinding, ...]:
    """Every finding of every rule, the gravest first, each point once.

    Source: each rule names its own.
    """
    found: dict[str, RuleFinding] = {}
    for rule in RULES:
        for finding in rule(facts):
            found.setdefault(finding.key, finding)
    return tuple(sorted(found.values(), key=lambda finding: finding.severity))


def is_kept(finding: RuleFinding, kept: Mapping[str, Kept]) -> bool:
    """Whether the doctor has written why, and signed a second time where the rule wants it."""
    mine = kept.get(finding.key)
    if mine is None or not mine.reason.strip():
        return False
    return mine.signs_again or not finding.needs_second_signature


def standing_in_the_way(findings: Iterable[RuleFinding], kept: Mapping[str, Kept]) -> tuple[RuleFinding, ...]:
    """The findings that forbid signing: what nobody may sign away, and grave ones not yet kept."""
    return tuple(
        finding
        for finding in findings
        if finding.severity is Severity.BLOCK
        or (finding.severity is Severity.GRAVE and not is_kept(finding, kept))
    )
