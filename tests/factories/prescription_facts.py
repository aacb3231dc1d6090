"""Facts for the prescription rules: a prescription against which no rule has anything to say, and its variations."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from prescriptions.rules import check
from prescriptions.rules.facts import (
    DiagnosisFacts,
    DrugFacts,
    LineFacts,
    PatientFacts,
    PrescriptionFacts,
    VisitFacts,
)
from prescriptions.rules.findings import RuleFinding
from prescriptions.rules.frequencies import FREQUENCIES
from prescriptions.rules.quantities import packs_needed
from prescriptions.rules.supply import BEYOND_FOUR_WEEKS, FIVE_TICKS

TODAY = date(2026, 11, 20)
HYPERTENSION = DiagnosisFacts("I10.x00", "高血压", "hypertension")


def drug(ingredients: str = "amlodipine", **fields: Any) -> DrugFacts:
    """Amlodipine 5 mg × 28, at most 10 mg a day, with price and stock; ``ingredients`` parted by spaces."""
    named: dict[str, Any] = {
        "drug_id": 1, "name": f"{ingredients}片", "name_en": f"{ingredients} tablets",
        "ingredients": tuple(ingredients.split()), "class_code": f"X{ingredients[:5].upper()}",
        "dose_per_unit": Decimal(5), "dose_unit": "mg", "units_per_pack": 28, "max_dose": Decimal(10),
        "available": 100, "price": Decimal("8.40"), "is_divisible": True,
    }  # fmt: skip
    return DrugFacts(**(named | fields))


def line(
    number: int = 1, *, dose: str = "5", frequency: str = "qd", days: int = 7, packs: int | None = None,
    of: DrugFacts | None = None, **drug_fields: Any,
) -> LineFacts:  # fmt: skip
    """A line of ``of``, else of ``drug(**drug_fields)``; the packs that the days need."""
    what = of or drug(**drug_fields)
    if packs is None:
        packs = 1
        if frequency in FREQUENCIES and days > 0 and Decimal(dose) > 0:
            packs = packs_needed(
                dose=Decimal(dose), frequency=frequency, days=days,
                dose_per_unit=what.dose_per_unit, units_per_pack=what.units_per_pack,
            )  # fmt: skip
    return LineFacts(number, what, Decimal(dose), frequency, days, packs)


def visit(**fields: Any) -> VisitFacts:
    """A confirmed re-diagnosis of hypertension by a chief physician of 20 years."""
    named: dict[str, Any] = {
        "is_cleared": True, "is_ended": False, "is_by_own_doctor": True, "prescriber_title": "231",
        "prescriber_years": 20, "proven": ("I10",), "diagnoses": (HYPERTENSION,),
    }  # fmt: skip
    return VisitFacts(**(named | fields))


def patient(**fields: Any) -> PatientFacts:
    """A woman of 70 without allergies."""
    named: dict[str, Any] = {"age": 70, "is_female": True, "allergies": "无"}
    return PatientFacts(**(named | fields))


def facts(*lines: LineFacts, **fields: Any) -> PrescriptionFacts:
    """A prescription on the day; without lines one of amlodipine for 7 days."""
    named: dict[str, Any] = {"on": TODAY, "patient": patient(), "visit": visit(), "lines": lines or (line(),)}
    return PrescriptionFacts(**(named | fields))


def long_term(*lines: LineFacts, **fields: Any) -> PrescriptionFacts:
    """A long-term prescription with everything that one beyond four weeks needs."""
    whole = facts(
        *lines, is_long_term=True, confirmations=FIVE_TICKS | BEYOND_FOUR_WEEKS, evaluation="血压稳定"
    )
    return replace(whole, **fields)


def found(given: PrescriptionFacts, rule: str) -> list[RuleFinding]:
    """What one rule says."""
    return [finding for finding in check(given) if finding.rule == rule]
