"""Whether the tariffs that are known are in order."""

from pricing.rules.proof.checking import (
    DocumentSource,
    findings_of_documents,
    findings_of_item,
    findings_of_visits,
)
from pricing.rules.proof.findings import Finding, FindingKind, Severity, in_both_languages

__all__ = [
    "DocumentSource",
    "Finding",
    "FindingKind",
    "Severity",
    "findings_of_documents",
    "findings_of_item",
    "findings_of_visits",
    "in_both_languages",
]
