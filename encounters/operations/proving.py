"""The patient states where and when the disease was diagnosed."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import operations as audit
from encounters import rules
from encounters.models import DiagnosisCode, Encounter, FirstVisitProof, MedicalRecord, ProofFile, ProofKind
from encounters.operations.access import locked_for_patient
from encounters.queries import signed_records_of
from kernel import clock
from kernel.errors import NotFoundForYou, Violation, refuse_if_any


@dataclass(frozen=True, slots=True)
class _Statement:
    """What is stated, from the form or from the hospital's own record."""

    kind: str
    disease: DiagnosisCode | None
    diagnosed_on: date | None
    hospital_name: str
    own_record: MedicalRecord | None


@transaction.atomic
def state_proof(
    *,
    encounter_id: int,
    kind: str,
    disease_id: int | None = None,
    diagnosed_on: date | None = None,
    hospital_name: str = "",
    own_record_id: int | None = None,
    by: User,
    at: datetime,
) -> FirstVisitProof:
    """Keep the proof; stating it anew replaces it until the visit begins. Papers are added before.

    With kind ``own_record`` disease, day and hospital are taken from the record named. Without
    ``disease_id`` the paper is of the disease of the encounter.

    Raises:
        RulesBroken: it shows no re-diagnosis; every broken rule of V-02, V-03, V-04, V-07, V-12 is named.
        EncounterFixed: the visit has begun.
        NotFoundForYou: the encounter or the record is not of her patients.
    """
    encounter = locked_for_patient(encounter_id, by)
    stated = _stated(encounter, kind, disease_id, diagnosed_on, hospital_name.strip(), own_record_id)
    refuse_if_any(_violations(encounter, stated, on=clock.day_of(at)))
    columns = {
        "kind": stated.kind,
        "disease": stated.disease,
        "diagnosed_on": stated.diagnosed_on,
        "hospital_name": stated.hospital_name,
        "own_record": stated.own_record,
    }
    earlier = FirstVisitProof.objects.filter(encounter=encounter).first()
    if earlier and all(getattr(earlier, name) == value for name, value in columns.items()):
        return earlier
    proof, _is_new = FirstVisitProof.objects.update_or_create(
        encounter=encounter, defaults={**columns, "stated_by": by, "stated_at": at}
    )
    facts = {"kind": proof.kind, "category": proof.disease.category, "diagnosed_on": f"{proof.diagnosed_on}"}
    audit.record("encounters.proof_stated", on=encounter, by=by, at=at, facts=facts)
    return proof


def _stated(
    encounter: Encounter,
    kind: str,
    disease_id: int | None,
    diagnosed_on: date | None,
    hospital_name: str,
    own_record_id: int | None,
) -> _Statement:
    if kind == ProofKind.OWN_RECORD:
        record = signed_records_of(encounter.patient).filter(pk=own_record_id or 0).first()
        if record is None:
            raise NotFoundForYou
        day = record.encounter.service_on
        return _Statement(
            kind, _disease_in(record, encounter), day, record.encounter.institution.name, record
        )
    if disease_id is None:
        return _Statement(kind, encounter.known_disease, diagnosed_on, hospital_name, None)
    disease = DiagnosisCode.objects.filter(pk=disease_id).first()
    return _Statement(kind, disease, diagnosed_on, hospital_name, None)


def _disease_in(record: MedicalRecord, encounter: Encounter) -> DiagnosisCode | None:
    """The record's diagnosis of the same disease, else its main one."""
    codes = [diagnosis.code for diagnosis in record.diagnoses.all()]
    known = encounter.known_disease.category if encounter.known_disease else ""
    same = [code for code in codes if code.category == known]
    return next(iter(same or codes), None)


def _violations(encounter: Encounter, stated: _Statement, *, on: date) -> list[Violation]:
    found = _unsaid(encounter, stated)
    known, phone = encounter.known_disease, encounter.institution.phone
    if known is not None:
        found += rules.disease_violations(is_open_online=known.is_open_online, phone=phone)
    has_paper = stated.own_record is not None or ProofFile.objects.filter(encounter=encounter).exists()
    if known is not None and not (has_paper or stated.kind or stated.diagnosed_on or stated.hospital_name):
        # She states nothing: not the form is incomplete, this would be a first visit.
        return rules.proof_violations(
            known_category=known.category,
            proof=None,
            on=on,
            window_days=settings.REVISIT_PROOF_WINDOW_DAYS,
            phone=phone,
        )
    if known is None or stated.disease is None or stated.diagnosed_on is None:
        return found
    return found + rules.proof_violations(
        known_category=known.category,
        proof=rules.ProofFacts(stated.disease.category, stated.diagnosed_on, stated.kind, has_paper),
        on=on,
        window_days=settings.REVISIT_PROOF_WINDOW_DAYS,
        phone=phone,
    )


def _unsaid(encounter: Encounter, stated: _Statement) -> list[Violation]:
    """What the form left open."""
    wanted = (
        (encounter.known_disease, "disease_id", _("First choose the disease a hospital has diagnosed.")),
        (
            stated.disease or encounter.known_disease is None,
            "disease_id",
            _("Choose the disease in the paper."),
        ),
        (stated.kind in ProofKind.values, "kind", _("Choose what kind of paper it is.")),
        (stated.diagnosed_on, "diagnosed_on", _("Enter the day of the diagnosis.")),
        (stated.hospital_name, "hospital_name", _("Enter the hospital that made the diagnosis.")),
        (len(stated.hospital_name) <= 100, "hospital_name", _("Write the name of the hospital shorter.")),
    )
    return [Violation("V-04", message, field=field) for value, field, message in wanted if not value]
