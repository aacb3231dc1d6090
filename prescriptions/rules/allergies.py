"""A1 to A3: what the patient is allergic to."""

import re
from collections.abc import Iterator

from prescriptions.rules.agents import agents_of
from prescriptions.rules.facts import PrescriptionFacts
from prescriptions.rules.findings import BY_GRADE, GENERAL, RuleFinding, Severity, Words
from prescriptions.rules.substances import NSAIDS, THIAZIDES, mentioned_in, substances

_CLAUSE = re.compile(r"[，,。.;；、\n]+")
_NONE = re.compile(r"^\s*(无|没有|否认|未见|不|暂无|none|no |no$|not |nil|denies)", re.IGNORECASE)
# What happened and when, said after the substance: no allergy of its own.
_REACTION = re.compile(
    r"^(皮疹|红疹|风团|荨麻疹|瘙痒|水肿|休克|过敏性休克|rash|itching|hives|shock)?[\s,]*(\d{4}\s*年?)?$"
)

_GRAVE, _WARN = Severity.GRAVE, Severity.WARN
CLASSES: tuple[tuple[tuple[str, ...], frozenset[str], Severity, str, Words], ...] = (
    (("磺胺", "sulfa", "sulpha", "sulfonamide"), substances("gliclazide cotrimoxazole"), _GRAVE, "KB", Words("磺胺类过敏", "allergic to sulfonamides")),
    (("磺胺", "sulfa", "sulpha", "sulfonamide"), THIAZIDES | substances("furosemide glimepiride"), _WARN, "G", Words("磺胺类过敏", "allergic to sulfonamides")),
    (("阿司匹林", "aspirin", "解热镇痛", "nsaid"), NSAIDS | substances("aspirin"), _GRAVE, "KB", Words("解热镇痛药过敏", "allergic to aspirin or NSAIDs")),
    (("血管性水肿", "angioedema"), substances("perindopril enalapril benazepril sacubitril"), _GRAVE, "G", Words("血管性水肿史", "history of angioedema")),
)  # fmt: skip
"""Words she may use, substances that cross-react, severity, grade, and what it is called."""

KNOWN_WORDS = ("青霉素", "penicillin", "头孢", "cephalosporin", *(word for row in CLASSES for word in row[0]))
"""Allergies the rules know; penicillins and cephalosporins are not in this catalogue."""


def clauses_of(allergies: str) -> tuple[str, ...]:
    """The parts of the text that state an allergy; parts that deny one are left out.

    ``无`` and ``否认青霉素过敏，磺胺皮疹`` give nothing and ``磺胺皮疹``.
    """
    parts = (part.strip().lower() for part in _CLAUSE.split(allergies))
    return tuple(part for part in parts if part and not _NONE.match(part))


def a1_allergic_to_the_substance(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    """A substance the patient is allergic to, or one of a class that cross-reacts.

    Source: KB for sulfonamides with gliclazide and for aspirin, G for others.
    """
    stated = clauses_of(facts.patient.allergies)
    named = frozenset[str]().union(*(mentioned_in(clause) for clause in stated))
    for agent in agents_of(facts):
        if agent.line is None:
            continue
        if agent.substance in named:
            yield RuleFinding(
                "A1", _GRAVE, Words(f"患者对{agent.words.zh}过敏", f"The patient is allergic to {agent.words.en}"), GENERAL,
                Words("请换药。", "Choose another medicine."), (agent.line,), subject=agent.substance,
            )  # fmt: skip
            continue
        for words, members, severity, grade, called in CLASSES:
            if agent.substance in members and any(word in clause for clause in stated for word in words):
                yield RuleFinding(
                    "A2", severity,
                    Words(f"{called.zh}，{agent.words.zh}可能交叉过敏", f"{called.en}: {agent.words.en} may cross-react"), BY_GRADE[grade],
                    Words("请换药，或写理由保留。", "Change it, or write why it is kept."), (agent.line,), subject=agent.substance,
                )  # fmt: skip
                break


def a3_allergy_no_rule_knows(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    """An allergy in words that no rule knows is to be checked by hand.

    Source: ours.
    """
    for number, clause in enumerate(clauses_of(facts.patient.allergies)):
        is_known = mentioned_in(clause) or any(word in clause for word in KNOWN_WORDS)
        if is_known or _REACTION.match(clause) or not facts.lines:
            continue
        yield RuleFinding(
            "A3", _WARN, Words(f"患者自述过敏“{clause}”，系统无法自动核对", f"Allergy “{clause}” cannot be checked automatically"),
            GENERAL, Words("请人工核对。", "Check it by hand."), subject=str(number),
        )  # fmt: skip


RULES = (a1_allergic_to_the_substance, a3_allergy_no_rule_knows)
