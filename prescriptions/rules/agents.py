"""Every substance the patient takes or would take, wherever we know it from."""

from dataclasses import dataclass
from decimal import Decimal

from prescriptions.rules.facts import PrescriptionFacts
from prescriptions.rules.findings import Words
from prescriptions.rules.frequencies import FREQUENCIES
from prescriptions.rules.substances import NAMES, mentioned_in

_IN_MG = {"mg": Decimal(1), "g": Decimal(1000), "µg": Decimal("0.001")}


@dataclass(frozen=True, slots=True)
class Agent:
    """One substance of one source; ``line`` None for what she takes already."""

    substance: str
    words: Words
    line: int | None = None
    daily_mg: Decimal | None = None
    per_unit_mg: Decimal | None = None


def agents_of(facts: PrescriptionFacts) -> tuple[Agent, ...]:
    """Substances of the lines in order, then of running prescriptions, then those she states."""
    found = [
        Agent(
            substance,
            _name(substance),
            line.number,
            *_daily(line.dose, line.frequency, line.drug.dose_unit, line.drug.dose_per_unit),
        )
        for line in facts.lines
        for substance in line.drug.ingredients
    ]
    known = {agent.substance for agent in found}
    running = dict.fromkeys(substance for drug in facts.running for substance in drug.ingredients)
    found.extend(
        Agent(substance, _with(substance, "（正在服用）", " (running)"))
        for substance in running
        if substance not in known
    )
    known.update(running)
    stated = sorted(mentioned_in(facts.patient.medicines_stated) - known)
    found.extend(
        Agent(substance, _with(substance, "（患者自述）", " (as she states)")) for substance in stated
    )
    return tuple(found)


def _daily(
    dose: Decimal, frequency: str, unit: str, per_unit: Decimal
) -> tuple[Decimal | None, Decimal | None]:
    rhythm, factor = FREQUENCIES.get(frequency), _IN_MG.get(unit)
    if rhythm is None or factor is None:
        return None, None
    return dose * factor * max(1, rhythm.most_times_in(1)), per_unit * factor


def _name(substance: str) -> Words:
    return NAMES.get(substance, Words(substance, substance))


def _with(substance: str, zh: str, en: str) -> Words:
    name = _name(substance)
    return Words(name.zh + zh, name.en + en)
