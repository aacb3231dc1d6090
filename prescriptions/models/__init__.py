"""Drug catalogue, prescriptions and their review."""

from prescriptions.models.drugs import Drug, SpecialClass
from prescriptions.models.prescriptions import Finding, Prescription, PrescriptionLine, PrescriptionReview

__all__ = ["Drug", "Finding", "Prescription", "PrescriptionLine", "PrescriptionReview", "SpecialClass"]
