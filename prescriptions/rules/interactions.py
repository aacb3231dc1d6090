"""I1 to I30 applied to what the patient takes and would take."""

from collections.abc import Iterator

from prescriptions.rules.agents import Agent, agents_of
from prescriptions.rules.facts import PrescriptionFacts
from prescriptions.rules.findings import BY_GRADE, KNOWLEDGE, RuleFinding, Severity, Words
from prescriptions.rules.interaction_table import INTERACTIONS, Interaction
from prescriptions.rules.substances import ANTITHROMBOTICS, NSAIDS


def interactions(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    """Medicines that should not be taken together, among the lines and with what she takes already.

    Source: table of interactions (KB and G), each row with its grade.
    """
    agents = agents_of(facts)
    categories = {diagnosis.category for diagnosis in facts.visit.diagnoses}
    for row in INTERACTIONS:
        if row.diagnosed and not categories.intersection(row.diagnosed):
            continue
        for a in agents:
            for b in agents:
                if _meets(row, a, b):
                    yield _finding(row, a, b, facts)


def _meets(row: Interaction, a: Agent, b: Agent) -> bool:
    if a.substance not in row.a or b.substance not in row.b or (a.line is None and b.line is None):
        return False
    return row.a_daily_over is None or (a.daily_mg is not None and a.daily_mg > row.a_daily_over)


def _finding(row: Interaction, a: Agent, b: Agent, facts: PrescriptionFacts) -> RuleFinding:
    lines = tuple(dict.fromkeys(agent.line for agent in (a, b) if agent.line is not None))
    reduce_to = None
    if row.a_most_daily is not None and a.daily_mg and a.line is not None:
        line = next(line for line in facts.lines if line.number == a.line)
        reduce_to = line.dose * row.a_most_daily / a.daily_mg
    return RuleFinding(
        row.rule, row.severity, row.message.filled(a=a.words, b=b.words), BY_GRADE[row.grade], row.way_on, lines,
        subject=f"{a.substance}+{b.substance}"[:40], reduce_to=reduce_to,
        swap_to=row.a_swap_to if a.line is not None else "",
    )  # fmt: skip


def i8_bleeding(facts: PrescriptionFacts) -> Iterator[RuleFinding]:
    """Two antithrombotics, or one with an anti-inflammatory, bleed more easily; three need a reason.

    Source: KB; the grading is G.
    """
    met = [agent for agent in agents_of(facts) if agent.substance in ANTITHROMBOTICS | NSAIDS]
    by_substance = {agent.substance: agent for agent in reversed(met)}
    agents = list(reversed(by_substance.values()))
    lines = tuple(agent.line for agent in agents if agent.line is not None)
    if len(agents) < 2 or not lines or not any(agent.substance in ANTITHROMBOTICS for agent in agents):
        return
    yield RuleFinding(
        "I8", Severity.GRAVE if len(agents) >= 3 else Severity.WARN,
        Words("、".join(agent.words.zh for agent in agents) + "同用，出血风险升高", ", ".join(agent.words.en for agent in agents) + " together: higher risk of bleeding"),
        KNOWLEDGE, Words("告知出血征象；三种以上须写理由。", "Explain the signs of bleeding; three or more need a reason."), lines,
    )  # fmt: skip


RULES = (interactions, i8_bleeding)
