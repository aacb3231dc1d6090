"""Drug catalogue, prescriptions and their review."""

from prescriptions.models.choices import (
    Confirmation,
    DispenseCheck,
    DoseUnit,
    EvidenceGrade,
    Form,
    Pack,
    ReturnReason,
    Route,
    SpecialClass,
    Timing,
    Unit,
)
from prescriptions.models.drugs import Drug
from prescriptions.models.prescriptions import Prescription, PrescriptionLine
from prescriptions.models.reviews import Finding, PrescriptionReview

__all__ = [
    "Confirmation",
    "DispenseCheck",
    "DoseUnit",
    "Drug",
    "EvidenceGrade",
    "Finding",
    "Form",
    "Pack",
    "Prescription",
    "PrescriptionLine",
    "PrescriptionReview",
    "ReturnReason",
    "Route",
    "SpecialClass",
    "Timing",
    "Unit",
]
