"""The signature under a record: a keyed seal (HMAC-SM3) over its canonical content and the moment.

The seal proves that this installation recorded exactly this content for this doctor. It is not yet an
electronic signature under the Electronic Signature Law, which needs a certificate of a licensed authority.
"""

from datetime import datetime

from django.utils.crypto import constant_time_compare

from encounters import rules
from encounters.models import MedicalRecord
from kernel.crypto import fingerprint

SCHEME = "hmac-sm3"


def facts_of(record: MedicalRecord) -> rules.RecordFacts:
    """The record with its diagnoses."""
    encounter = record.encounter
    codes = record.diagnoses.select_related("code").order_by("number")
    return rules.RecordFacts(
        encounter=encounter.number,
        patient=encounter.patient.id_fingerprint,
        practitioner=record.written_by.insurance_code,
        chief_complaint=record.chief_complaint,
        present_illness=record.present_illness,
        past_history=record.past_history,
        allergy_history=record.allergy_history,
        examination=record.examination,
        plan=record.plan,
        diagnoses=tuple(diagnosis.code.clinical_code for diagnosis in codes),
    )


def seal(record: MedicalRecord, signed_at: datetime) -> str:
    """The seal of what stands there now, with the name of its scheme before it."""
    text = rules.canonical(facts_of(record), signed_at=signed_at)
    return f"{SCHEME}:{fingerprint('record:' + text)}"


def holds(record: MedicalRecord) -> bool:
    """Whether what stands there now is what the doctor signed."""
    if record.signed_at is None:
        return False
    return constant_time_compare(record.signature, seal(record, record.signed_at))
