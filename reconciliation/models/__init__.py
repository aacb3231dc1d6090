"""Comparisons of days, the differences they found, and the entries that put them right."""

from reconciliation.models.comparisons import Comparison, ComparisonRun, GroupTotal
from reconciliation.models.differences import Act, Difference, ReconciliationEntry, Way

__all__ = ["Act", "Comparison", "ComparisonRun", "Difference", "GroupTotal", "ReconciliationEntry", "Way"]
