"""D1 and D2: the same medicine, or one of the same class, twice."""

from collections.abc import Iterator
from itertools import combinations

from prescriptions.rules.facts import PrescriptionFacts
from prescriptions.rules.findings import GENERAL, RuleFinding, Severity, Words

CLASS_CHARACTERS = 5
REFILL_DAYS = 7
"""ASSUMPTION: a refill may be written so many days before the last supply ends."""


def d1_same_ingredient(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    """The same ingredient twice on a prescription, or while an earlier supply still lasts.

    Source: general knowledge; the days for a refill are ours.
    """
    for one, other in combinations(facts.lines, 2):
        if set(one.drug.ingredients) & set(other.drug.ingredients):
            yield RuleFinding(
                "D1", Severity.GRAVE,
                Words(f"{one.drug.name} 与 {other.drug.name} 成分相同", f"{one.drug.name_en} and {other.drug.name_en} have the same ingredient"),
                GENERAL, Words("删除其中一种，或写理由保留。", "Remove one, or write why both are kept."), (one.number, other.number),
            )  # fmt: skip
    for line in facts.lines:
        for running in facts.running:
            left = (running.until - facts.on).days
            if left > 0 and set(line.drug.ingredients) & set(running.ingredients):
                yield RuleFinding(
                    "D1", Severity.GRAVE if left > REFILL_DAYS else Severity.WARN,
                    Words(f"{running.name} 还有 {left} 天的药", f"{running.name_en} still lasts {left} days"), GENERAL,
                    Words("减少天数，或写理由保留。", "Reduce the days, or write why it is kept."), (line.number,), subject="running",
                )  # fmt: skip
                break


def d2_same_class(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    """Two medicines of the same class, on this prescription or with one that still runs.

    Source: general knowledge (first five characters of the ATC-like class).
    """
    for one, other in combinations(facts.lines, 2):
        if _same_class(one.drug.class_code, other.drug.class_code) and not set(one.drug.ingredients) & set(
            other.drug.ingredients
        ):
            yield RuleFinding(
                "D2", Severity.WARN,
                Words(f"{one.drug.name} 与 {other.drug.name} 同类", f"{one.drug.name_en} and {other.drug.name_en} are of the same class"),
                GENERAL, lines=(one.number, other.number),
            )  # fmt: skip
    for line in facts.lines:
        for running in facts.running:
            same = set(line.drug.ingredients) & set(running.ingredients)
            if (
                running.until > facts.on
                and not same
                and _same_class(line.drug.class_code, running.class_code)
            ):
                yield RuleFinding(
                    "D2", Severity.WARN,
                    Words(f"{line.drug.name} 与正在服用的 {running.name} 同类", f"{line.drug.name_en} is of the same class as {running.name_en}, which she takes"),
                    GENERAL, lines=(line.number,), subject="running",
                )  # fmt: skip
                break


def _same_class(one: str, other: str) -> bool:
    """Whether both belong to one ATC class of five characters; shorter codes say too little."""
    left, right = one.removeprefix("X"), other.removeprefix("X")
    return len(left) >= CLASS_CHARACTERS and left[:CLASS_CHARACTERS] == right[:CLASS_CHARACTERS]


RULES = (d1_same_ingredient, d2_same_class)
