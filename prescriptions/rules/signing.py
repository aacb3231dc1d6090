"""What exactly a doctor or a pharmacist signs: one text, the same for ever."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class SignedLine:
    """A line as it is signed."""

    drug_code: str
    dose: Decimal
    frequency: str
    timing: str
    days: int
    packs: int
    note: str


@dataclass(frozen=True, slots=True)
class SignedContent:
    """A prescription as it is signed."""

    number: str
    version: int
    encounter: str
    patient: str
    """Fingerprint of the identity number, never the number."""
    prescriber: str
    diagnoses: tuple[str, ...]
    lines: tuple[SignedLine, ...]
    facts: Mapping[str, object]
    """Long-term, confirmations, reasons, validity."""
    signed_at: datetime


def canonical(content: SignedContent) -> str:
    """One text for one content: sorted keys, decimals without trailing zeros, moments in UTC."""
    return json.dumps(
        {
            "number": content.number,
            "version": content.version,
            "encounter": content.encounter,
            "patient": content.patient,
            "prescriber": content.prescriber,
            "diagnoses": list(content.diagnoses),
            "lines": [_line(line) for line in content.lines],
            "facts": dict(content.facts),
            "signed_at": moment(content.signed_at),
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def _line(line: SignedLine) -> list[object]:
    return [
        line.drug_code,
        f"{line.dose.normalize():f}",
        line.frequency,
        line.timing,
        line.days,
        line.packs,
        line.note,
    ]


def moment(at: datetime) -> str:
    """A moment as text, in UTC to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def under(signature: str, *parts: Iterable[str] | str) -> str:
    """The text of a further signature that rests on an earlier one."""
    return json.dumps([signature, *parts], ensure_ascii=False, separators=(",", ":"))
