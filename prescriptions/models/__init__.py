"""Drug catalogue, prescriptions, their review, their circulation and what the insurer is told."""

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
from prescriptions.models.circulation import Circulation, CirculationMessage, TakenMedicine
from prescriptions.models.drugs import Drug
from prescriptions.models.prescriptions import Prescription, PrescriptionLine
from prescriptions.models.reports import InsurerReport, PackCode, ReportKind
from prescriptions.models.reviews import Finding, PrescriptionReview

__all__ = [
    "Circulation",
    "CirculationMessage",
    "Confirmation",
    "DispenseCheck",
    "DoseUnit",
    "Drug",
    "EvidenceGrade",
    "Finding",
    "Form",
    "InsurerReport",
    "Pack",
    "PackCode",
    "Prescription",
    "PrescriptionLine",
    "PrescriptionReview",
    "ReportKind",
    "ReturnReason",
    "Route",
    "SpecialClass",
    "TakenMedicine",
    "Timing",
    "Unit",
]
