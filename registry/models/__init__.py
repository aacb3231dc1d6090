"""Who gives care, with what right, and who receives it."""

from registry.models.institutions import Department, Institution
from registry.models.patients import Coverage, Guardianship, Patient
from registry.models.practitioners import Practitioner, Qualification
from registry.models.verifications import VerificationRequest

__all__ = [
    "Coverage",
    "Department",
    "Guardianship",
    "Institution",
    "Patient",
    "Practitioner",
    "Qualification",
    "VerificationRequest",
]
