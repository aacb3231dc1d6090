"""Signatures: a keyed seal (HMAC-SM3) over the canonical content and the moment.

The seal proves that this installation recorded exactly this content for this signer. It is not yet an
electronic signature under the Electronic Signature Law, which needs a certificate of a licensed authority.
"""

from django.utils.crypto import constant_time_compare

from kernel.crypto import fingerprint
from prescriptions.models import Prescription
from prescriptions.queries.facts import diagnoses_of
from prescriptions.rules.signing import SignedContent, SignedLine, canonical, moment, under

SCHEME = "hmac-sm3"


def seal(text: str) -> str:
    """The seal of a text, with the name of its scheme before it."""
    return f"{SCHEME}:{fingerprint('prescription:' + text)}"


def content_of(prescription: Prescription) -> str:
    """The text a doctor signs; ``signed_at`` must be set."""
    if prescription.signed_at is None:
        raise ValueError("only what has a moment of signing has a signed text")
    encounter = prescription.encounter
    return canonical(
        SignedContent(
            number=prescription.number,
            version=prescription.version,
            encounter=encounter.number,
            patient=encounter.patient.id_fingerprint,
            prescriber=prescription.prescriber.insurance_code,
            diagnoses=tuple(diagnosis.code for diagnosis in diagnoses_of(encounter)),
            lines=tuple(
                SignedLine(
                    line.drug.code, line.dose, line.frequency, line.timing, line.days, line.packs, line.note
                )
                for line in prescription.lines.select_related("drug").order_by("number")
            ),
            facts={
                "is_long_term": prescription.is_long_term,
                "confirmations": sorted(prescription.confirmations),
                "days_reason": prescription.days_reason,
                "evaluation": prescription.evaluation,
                "validity_days": prescription.validity_days,
                "validity_reason": prescription.validity_reason,
            },
            signed_at=prescription.signed_at,
        )
    )


def holds(prescription: Prescription) -> bool:
    """Whether what stands there now is what the doctor signed."""
    if prescription.signed_at is None:
        return False
    return constant_time_compare(prescription.signature, seal(content_of(prescription)))


__all__ = ["content_of", "holds", "moment", "seal", "under"]
