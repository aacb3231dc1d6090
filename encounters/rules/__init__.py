"""The numbered rules of a re-diagnosis, and its record; pure."""

from encounters.rules.diseases import category_of, disease_violations, pinyin_key
from encounters.rules.records import RecordFacts, canonical, record_violations
from encounters.rules.revisits import ProofFacts, complaint_violations, consent_violations, proof_violations

__all__ = [
    "ProofFacts",
    "RecordFacts",
    "canonical",
    "category_of",
    "complaint_violations",
    "consent_violations",
    "disease_violations",
    "pinyin_key",
    "proof_violations",
    "record_violations",
]
