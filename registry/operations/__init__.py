"""What the registry can do."""

from registry.operations.coverage import state_coverage
from registry.operations.desk import grant_guardianship, withdraw_guardianship
from registry.operations.rights import add_family_member, end_guardianship
from registry.operations.verification import ask_identity, record_verification, request_verification, sweep

__all__ = [
    "add_family_member",
    "ask_identity",
    "end_guardianship",
    "grant_guardianship",
    "record_verification",
    "request_verification",
    "state_coverage",
    "sweep",
    "withdraw_guardianship",
]
