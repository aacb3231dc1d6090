"""What an encounter can do, from the complaint to the signed record."""

from encounters.operations.consenting import sign_consent
from encounters.operations.describing import describe
from encounters.operations.papers import add_proof_file, remove_proof_file
from encounters.operations.proving import state_proof
from encounters.operations.recording import save_record, sign_record
from encounters.operations.sealing import holds

__all__ = [
    "add_proof_file",
    "describe",
    "holds",
    "remove_proof_file",
    "save_record",
    "sign_consent",
    "sign_record",
    "state_proof",
]
