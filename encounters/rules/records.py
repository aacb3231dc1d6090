"""What a medical record must hold to be signed, and what exactly is signed."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _

from encounters.rules.diseases import category_of
from kernel.errors import Violation

_C03 = "互联网诊疗监管细则（试行）; supervision interface of Tianjin 2.2.10"
_P02 = "互联网诊疗管理办法（试行）第十六条 (V-03, P-02)"


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """A record with its diagnoses as clinical codes, the main one first."""

    encounter: str
    patient: str
    """Fingerprint of the identity number, never the number."""
    practitioner: str
    chief_complaint: str
    present_illness: str
    past_history: str
    allergy_history: str
    examination: str
    plan: str
    diagnoses: tuple[str, ...]


def record_violations(record: RecordFacts, *, known_category: str | None) -> list[Violation]:
    """Everything that stands in the way of signing.

    ``known_category`` is the ICD-10 category the re-diagnosis is for; None at an outpatient visit, which
    may find anything.
    """
    required = {
        "chief_complaint": (record.chief_complaint, _("Write the chief complaint.")),
        "present_illness": (record.present_illness, _("Write the present illness.")),
        "plan": (record.plan, _("Write the plan.")),
        "diagnosis_ids": (record.diagnoses, _("Choose at least one diagnosis.")),
    }
    found = [
        Violation("C-03", message, field=field, source=_C03)
        for field, (value, message) in required.items()
        if not value
    ]
    if record.diagnoses and not _names_it(record, known_category):
        message = _("No diagnosis is the disease this re-diagnosis is for.")
        way = _("Add it, or stop the visit and send the patient to the outpatient department.")
        found.append(Violation("V-03", message, way, field="diagnosis_ids", source=_P02))
    return found


def _names_it(record: RecordFacts, known_category: str | None) -> bool:
    return known_category is None or known_category in {category_of(code) for code in record.diagnoses}


def canonical(record: RecordFacts, *, signed_at: datetime) -> str:
    """One text for one content: sorted keys, the moment in UTC to the microsecond."""
    content = asdict(record) | {"signed_at": signed_at.astimezone(UTC).isoformat(timespec="microseconds")}
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
