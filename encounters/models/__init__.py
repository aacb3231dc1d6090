"""The encounter, its proof, consent, record and diagnoses."""

from encounters.models.consent import Consent, ConsentDocument
from encounters.models.diagnoses import DiagnosisCode
from encounters.models.encounters import Encounter, EncounterKind
from encounters.models.proofs import FirstVisitProof, ProofFile, ProofKind
from encounters.models.records import Diagnosis, MedicalRecord

__all__ = [
    "Consent",
    "ConsentDocument",
    "Diagnosis",
    "DiagnosisCode",
    "Encounter",
    "EncounterKind",
    "FirstVisitProof",
    "MedicalRecord",
    "ProofFile",
    "ProofKind",
]
