"""Proposed prices as the rules see them."""

from dataclasses import dataclass

from kernel.errors import Violation
from pricing.rules.facts import DocumentFact, PriceFact


@dataclass(frozen=True, slots=True)
class RevisionFact:
    """What all rows of a revision have in common."""

    document: DocumentFact
    institution_id: int | None
    """Whose own prices these are; None for the prices of a regulator."""
    is_demonstration_institution: bool
    """Only of an institution's own prices."""
    reaches_back: bool
    note: str


@dataclass(frozen=True, slots=True)
class ProposedFact:
    """One row."""

    reference: str
    """Finds the row again; unique in the revision."""
    price: PriceFact
    """As it would be, resting on the revision's document."""
    is_demonstration_item: bool
    replaces_id: int | None
    """Price of the same scope that held on the first day when the rows were submitted."""


def place_of(reference: str, column: str = "") -> str:
    """``Violation.field`` of a row: its reference and, where it is one column's fault, the column."""
    return f"{reference}.{column}" if column else reference


def reference_of(violation: Violation) -> tuple[str, str]:
    """Reference of the row and column that a violation belongs to; both empty for the whole revision."""
    reference, _dot, column = violation.field.partition(".")
    return reference, column
