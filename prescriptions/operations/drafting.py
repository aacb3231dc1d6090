"""Write a prescription and sign it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import operations as audit
from encounters import operations as encounters
from encounters.models import Encounter, MedicalRecord
from kernel import live
from kernel.identifiers import new_number
from prescriptions.errors import AlreadySigned, refuse
from prescriptions.models import Drug, Finding, Prescription, PrescriptionLine
from prescriptions.operations import bells
from prescriptions.operations.locking import locked_with_visit
from prescriptions.operations.screening import keep_screening
from prescriptions.operations.sealing import content_of, moment, seal, under
from prescriptions.queries import encounter_of_doctor, findings_of, kept_of
from prescriptions.rules import Kept, standing_in_the_way
from prescriptions.rules.findings import RuleFinding, Severity
from prescriptions.rules.frequencies import FREQUENCIES
from prescriptions.rules.quantities import packs_needed
from prescriptions.states import ENDED, PRESCRIPTION, PrescriptionEvent, PrescriptionState


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One line as the doctor wants it; ``packs`` None is computed from dose, frequency and days."""

    drug_id: int
    dose: Decimal
    frequency: str
    days: int
    packs: int | None = None
    note: str = ""
    timing: str = ""


@transaction.atomic
def save_draft(
    *,
    encounter_id: int,
    lines: Sequence[DraftLine],
    is_long_term: bool = False,
    confirmations: Collection[str] = (),
    days_reason: str = "",
    evaluation: str = "",
    validity_days: int | None = None,
    validity_reason: str = "",
    kept: Mapping[str, Kept] | None = None,
    by: User,
    at: datetime,
) -> Prescription:
    """Keep what the doctor has written so far; broken rules are shown, not refused, until it is signed.

    A returned prescription gets a new version, a cancelled or expired one a new number. ``kept`` None leaves
    the reasons typed so far as they are.

    Raises:
        NotFoundForYou: the encounter is not this doctor's.
        AlreadySigned: the prescription waits for the pharmacist, or has gone on.
        Drug.DoesNotExist: no such drug.
    """
    encounter_of_doctor(by, encounter_id=encounter_id)
    draft = _draft_of(encounter_id, by=by, at=at)
    draft.is_long_term = is_long_term
    draft.confirmations = sorted(set(confirmations))
    draft.days_reason, draft.evaluation = days_reason.strip(), evaluation.strip()
    draft.validity_days = settings.PRESCRIPTION_VALIDITY_DAYS if validity_days is None else validity_days
    draft.validity_reason = validity_reason.strip() or (
        settings.PRESCRIPTION_VALIDITY_REASON if validity_days is None else ""
    )
    if kept is not None:
        draft.kept = {key: {"reason": said.reason, "again": said.signs_again} for key, said in kept.items()}
    draft.save()
    draft.lines.all().delete()
    PrescriptionLine.objects.bulk_create(
        _row(draft, number, line) for number, line in enumerate(lines, start=1)
    )
    return draft


def _row(draft: Prescription, number: int, line: DraftLine) -> PrescriptionLine:
    drug = Drug.objects.get(pk=line.drug_id)
    return PrescriptionLine(
        prescription=draft, number=number, drug=drug, dose=line.dose, frequency=line.frequency, timing=line.timing,
        days=line.days, packs=_packs(line, drug) if line.packs is None else line.packs, note=line.note.strip(),
    )  # fmt: skip


def _packs(line: DraftLine, drug: Drug) -> int:
    """What the days need; 1 while the line is not complete."""
    if line.frequency not in FREQUENCIES or line.dose <= 0 or line.days < 1:
        return 1
    return packs_needed(
        dose=line.dose, frequency=line.frequency, days=line.days,
        dose_per_unit=drug.dose_per_unit, units_per_pack=drug.units_per_pack,
    )  # fmt: skip


def _draft_of(encounter_id: int, *, by: User, at: datetime) -> Prescription:
    """The encounter's draft, locked; a new one when there is none and one may be begun."""
    encounter = Encounter.objects.select_for_update(of=("self",), no_key=True).get(pk=encounter_id)
    last = encounter.prescriptions.select_for_update(of=("self",)).order_by("-created_at", "-pk").first()
    if last is not None and last.state == PrescriptionState.DRAFT:
        return last
    if last is not None and last.state not in ENDED:
        raise AlreadySigned
    answers = last if last is not None and last.state == PrescriptionState.RETURNED else None
    draft = Prescription.objects.create(
        number=answers.number if answers else new_number("P", at),
        version=answers.version + 1 if answers else 1,
        encounter=encounter,
        prescriber_id=encounter.practitioner_id,
        created_at=at,
    )
    audit.record("prescriptions.prescription.begun", on=draft, by=by, at=at)
    return draft


@transaction.atomic
def submit(
    *,
    prescription_id: int,
    overrides: Mapping[str, str] | None = None,
    signed_again: Collection[str] = (),
    by: User,
    at: datetime,
) -> Prescription:
    """Sign a draft and put it before the pharmacists; signing twice does it once.

    ``overrides`` maps the key of a grave finding to the reason to keep it, and adds to the reasons typed in
    the draft; ``signed_again`` holds the keys of doses over the limit that the doctor signs for a second time
    (P-14). A record that is not signed yet is signed together with the prescription.

    Raises:
        NotFoundForYou: the encounter is not this doctor's.
        PrescriptionRefused: ``violations`` names every rule that is broken and not kept with a reason.
        IllegalTransition: it has gone on or was cancelled.
    """
    prescription = locked_with_visit(prescription_id)
    encounter_of_doctor(by, encounter_id=prescription.encounter_id)
    if prescription.state == PrescriptionState.SUBMITTED:
        return prescription
    state = PRESCRIPTION.after(prescription.state, PrescriptionEvent.SUBMIT)
    kept = kept_of(prescription) | {
        key: Kept(reason, key in signed_again) for key, reason in (overrides or {}).items()
    }
    findings = findings_of(prescription, at)
    refuse(standing_in_the_way(findings, kept))
    _sign_record(prescription.encounter, by=by, at=at)
    keep_screening(prescription, kept, by=by, at=at)
    _sign(prescription, state, findings, kept, at=at)
    audit.record(
        "prescriptions.prescription.signed",
        on=prescription,
        by=by,
        at=at,
        facts={"signature": prescription.signature},
    )
    bells.ring_for(prescription)
    live.ring("review")
    return prescription


def _sign(
    prescription: Prescription, state: PrescriptionState, findings: Sequence[RuleFinding], kept: Mapping[str, Kept],
    *, at: datetime,
) -> None:  # fmt: skip
    prescription.signed_at = at
    signature = seal(content_of(prescription))
    Finding.objects.bulk_create(_finding(prescription, finding, kept, signature, at) for finding in findings)
    prescription.signature = signature
    prescription.valid_until = valid_until(at, prescription.validity_days)
    prescription.state = state
    prescription.save()


def valid_until(signed_at: datetime, days: int) -> datetime:
    """The midnight that ends the last day of validity; the day of issue is the first (P-13)."""
    midnight = timezone.localtime(signed_at).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=days)


def _finding(
    prescription: Prescription, finding: RuleFinding, kept: Mapping[str, Kept], signature: str, at: datetime
) -> Finding:
    said = kept.get(finding.key) if finding.severity is Severity.GRAVE else None
    return Finding(
        prescription=prescription, rule=finding.rule, key=finding.key, severity=finding.severity,
        message=finding.message.zh, message_en=finding.message.en,
        source=finding.basis.source.zh, source_en=finding.basis.source.en, grade=finding.basis.grade,
        line_numbers=list(finding.lines), keep_reason=said.reason.strip() if said else "",
        keep_signature=seal(under(signature, finding.key, said.reason.strip(), moment(at))) if said else "",
    )  # fmt: skip


def _sign_record(encounter: Encounter, *, by: User, at: datetime) -> None:
    """Sign the record with the prescription when the doctor has not signed it before."""
    if MedicalRecord.objects.filter(encounter=encounter, signed_at__isnull=True).exists():
        encounters.sign_record(encounter_id=encounter.pk, by=by, at=at)
