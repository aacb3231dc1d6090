"""The rules in force, what is known beside an order, and the lists of the insurance office."""

from screening.queries.rulebook import rulebook, rules_in_force
from screening.queries.surroundings import insurer_findings, last_analysis, look, surroundings

__all__ = ["insurer_findings", "last_analysis", "look", "rulebook", "rules_in_force", "surroundings"]
