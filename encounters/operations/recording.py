"""The doctor writes and signs the record."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import operations as audit
from encounters import rules
from encounters.errors import AlreadySigned, NotBegun, RecordIncomplete
from encounters.models import Diagnosis, DiagnosisCode, Encounter, EncounterKind, MedicalRecord
from encounters.operations.access import locked_for_doctor
from encounters.operations.sealing import facts_of, seal
from encounters.rules.revisits import length_violations
from kernel.errors import Violation, refuse_if_any

_TEXTS = ("chief_complaint", "present_illness", "past_history", "allergy_history", "examination", "plan")


@transaction.atomic
def save_record(
    *,
    encounter_id: int,
    chief_complaint: str,
    present_illness: str,
    past_history: str = "",
    allergy_history: str = "",
    examination: str = "",
    plan: str = "",
    diagnosis_ids: Sequence[int],
    by: User,
    at: datetime,
) -> MedicalRecord:
    """Keep what the doctor has written so far; the first of ``diagnosis_ids`` is the main diagnosis.

    Saving the same again, as a page does by itself, changes nothing.

    Raises:
        RulesBroken: a text is longer than the supervision interface takes, or a diagnosis does not exist.
        NotBegun: the online visit has not begun; a called-off visit leaves no record that proves anything.
        AlreadySigned: the record is signed.
        NotFoundForYou: another doctor receives this encounter.
    """
    encounter = _begun(locked_for_doctor(encounter_id, by))
    typed = (chief_complaint, present_illness, past_history, allergy_history, examination, plan)
    texts = dict(zip(_TEXTS, (text.strip() for text in typed), strict=True))
    chosen = list(dict.fromkeys(diagnosis_ids))
    refuse_if_any([*length_violations(texts), *_unknown(chosen)])
    record = MedicalRecord.objects.filter(encounter=encounter).first() or MedicalRecord(encounter=encounter)
    if record.signed_at is not None:
        raise AlreadySigned
    if not _differs(record, texts, chosen):
        return record
    for name, text in texts.items():
        setattr(record, name, text)
    record.written_by, record.changed_at = encounter.practitioner, at
    record.save()
    _replace_diagnoses(record, chosen)
    audit.record("encounters.record_saved", on=record, by=by, at=at)
    return record


def _begun(encounter: Encounter) -> Encounter:
    """The encounter, when care has begun."""
    if encounter.kind == EncounterKind.ONLINE_REVISIT and encounter.begun_at is None:
        raise NotBegun
    return encounter


def _differs(record: MedicalRecord, texts: dict[str, str], chosen: Sequence[int]) -> bool:
    if record.pk is None or any(getattr(record, name) != text for name, text in texts.items()):
        return True
    return [diagnosis.code_id for diagnosis in record.diagnoses.order_by("number")] != list(chosen)


def _unknown(chosen: Sequence[int]) -> list[Violation]:
    if DiagnosisCode.objects.filter(pk__in=chosen).count() == len(chosen):
        return []
    message = _("A diagnosis is not in the list any more. Please choose again.")
    return [Violation("C-03", message, field="diagnosis_ids")]


def _replace_diagnoses(record: MedicalRecord, chosen: Sequence[int]) -> None:
    record.diagnoses.all().delete()
    Diagnosis.objects.bulk_create(
        Diagnosis(record=record, number=number, code_id=code_id) for number, code_id in enumerate(chosen, 1)
    )


@transaction.atomic
def sign_record(*, encounter_id: int, by: User, at: datetime) -> MedicalRecord:
    """Sign the record, which never changes afterwards; signing twice signs once.

    Raises:
        RecordIncomplete: complaint, present illness, plan or diagnosis are missing (C-03), or no diagnosis
            is the disease the re-diagnosis is for (V-03, P-02).
        NotFoundForYou: another doctor receives this encounter.
    """
    encounter = _begun(locked_for_doctor(encounter_id, by))
    related = ("encounter__patient", "written_by")
    record = MedicalRecord.objects.select_related(*related).filter(encounter=encounter).first()
    if record is None:
        raise RecordIncomplete(_("Write the record before you sign it."))
    if record.signed_at is not None:
        return record
    known = _known_category(encounter)
    refuse_if_any(rules.record_violations(facts_of(record), known_category=known), RecordIncomplete)
    record.signature = seal(record, at)
    record.signed_at = at
    record.save(update_fields=["signature", "signed_at"])
    facts = {"signature": record.signature}
    audit.record("encounters.record_signed", on=record, by=by, at=at, facts=facts)
    return record


def _known_category(encounter: Encounter) -> str | None:
    """The category an online re-diagnosis is for; a visit at the hospital may find anything."""
    if encounter.kind != EncounterKind.ONLINE_REVISIT:
        return None
    return encounter.known_disease.category if encounter.known_disease else ""
