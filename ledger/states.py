"""How far a posting has come."""

from enum import StrEnum


class Phase(StrEnum):
    """What a posting does: it announces entries, makes them count, or takes an announcement back."""

    PENDING = "pending"
    POSTED = "posted"
    VOIDED = "voided"
