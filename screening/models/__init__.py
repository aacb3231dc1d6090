"""Audit rules, knowledge points, and what was found."""

from screening.models.changes import RuleChange, RuleVersion
from screening.models.choices import Asked, EffectChoice, Grade, KindChoice, MomentChoice, Outcome
from screening.models.evidence import DeviceSighting, TraceCodeUse
from screening.models.imports import KnowledgeImport
from screening.models.rules import KnowledgeCode, KnowledgePoint, ScreeningRule
from screening.models.screenings import Analysis, HandlingReport, Screening, ScreeningFinding

__all__ = [
    "Analysis",
    "Asked",
    "DeviceSighting",
    "EffectChoice",
    "Grade",
    "HandlingReport",
    "KindChoice",
    "KnowledgeCode",
    "KnowledgeImport",
    "KnowledgePoint",
    "MomentChoice",
    "Outcome",
    "RuleChange",
    "RuleVersion",
    "Screening",
    "ScreeningFinding",
    "ScreeningRule",
    "TraceCodeUse",
]
