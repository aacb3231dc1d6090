"""What must be true of proposed prices before they become law."""

from pricing.rules.revising.facts import ProposedFact, RevisionFact, place_of, reference_of
from pricing.rules.revising.needs import NEEDS, Needs, needs_of
from pricing.rules.revising.row import terms_violations
from pricing.rules.revising.whole import (
    changed_since_violations,
    revision_violations,
    seen_violations,
    two_persons_violations,
)

__all__ = [
    "NEEDS",
    "Needs",
    "ProposedFact",
    "RevisionFact",
    "changed_since_violations",
    "needs_of",
    "place_of",
    "reference_of",
    "revision_violations",
    "seen_violations",
    "terms_violations",
    "two_persons_violations",
]
