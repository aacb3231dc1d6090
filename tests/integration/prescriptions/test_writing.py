"""Drafts and signatures."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from audit.models import AuditEntry
from kernel.errors import DomainError, NotFoundForYou
from prescriptions import operations
from prescriptions.errors import AlreadySigned, PrescriptionRefused
from prescriptions.models import Finding, Prescription
from prescriptions.operations import DraftLine
from prescriptions.states import PrescriptionState
from tests.factories import prescriptions as rx
from tests.factories.prescriptions import AT
from tests.factories.registry import PractitionerFactory

pytestmark = pytest.mark.django_db


def line(drug: object, **fields: object) -> DraftLine:
    """5 mg once a day for a week."""
    return replace(DraftLine(drug.pk, Decimal(5), "qd", 7, timing="morning"), **fields)  # type: ignore[attr-defined, arg-type]


def refused(prescription: Prescription, visit: rx.Visit, **fields: object) -> set[str]:
    """The rules that stand in the way of signing."""
    with pytest.raises(PrescriptionRefused) as refusal:
        operations.submit(prescription_id=prescription.pk, by=visit.doctor_user, at=AT, **fields)  # type: ignore[arg-type]
    return {violation.rule for violation in refusal.value.violations}


def test_a_draft_keeps_what_was_typed_and_computes_the_packs() -> None:
    visit, drug = rx.visit(), rx.DrugFactory()
    draft = rx.draft(visit, line(drug, days=29, note="饭后"), days_reason="出差")
    kept = draft.lines.get()
    assert (kept.number, kept.dose, kept.frequency, kept.days, kept.note) == (1, 5, "qd", 29, "饭后")
    assert kept.packs == 2  # 29 tablets of boxes of 28
    assert draft.state == PrescriptionState.DRAFT
    assert draft.prescriber == visit.doctor


def test_saving_again_changes_the_same_draft() -> None:
    visit, drug = rx.visit(), rx.DrugFactory()
    first = rx.draft(visit, line(drug))
    second = rx.draft(visit, line(drug, days=14), line(rx.valsartan(), dose=Decimal(80)))
    assert first.pk == second.pk
    assert [(kept.number, kept.days) for kept in second.lines.all()] == [(1, 14), (2, 7)]


def test_a_draft_may_break_rules_until_it_is_signed() -> None:
    visit = rx.visit()
    draft = rx.draft(visit, line(rx.DrugFactory(), days=90, dose=Decimal(15)))
    assert {"P-07", "P-08", "P-14"} <= refused(draft, visit)


def test_another_doctor_cannot_write_into_the_visit() -> None:
    visit, other = rx.visit(), PractitionerFactory()
    with pytest.raises(NotFoundForYou):
        operations.save_draft(encounter_id=visit.encounter.pk, lines=[], by=other.user, at=AT)


def test_another_doctor_cannot_sign() -> None:
    visit, other = rx.visit(), PractitionerFactory()
    with pytest.raises(NotFoundForYou):
        operations.submit(prescription_id=rx.draft(visit).pk, by=other.user, at=AT)


def test_signing_puts_it_before_the_pharmacists() -> None:
    visit = rx.visit()
    signed = rx.signed(visit)
    assert signed.state == PrescriptionState.SUBMITTED
    assert signed.signed_at == AT
    assert signed.signature.startswith("hmac-sm3:")
    assert operations.holds(Prescription.objects.get(pk=signed.pk))
    assert AuditEntry.objects.filter(action="prescriptions.prescription.signed").count() == 1


def test_signing_twice_signs_once() -> None:
    visit = rx.visit()
    signed = rx.signed(visit)
    again = operations.submit(prescription_id=signed.pk, by=visit.doctor_user, at=AT + timedelta(seconds=1))
    assert again.signature == signed.signature
    assert AuditEntry.objects.filter(action="prescriptions.prescription.signed").count() == 1


def test_every_broken_rule_is_named_at_once_and_nothing_is_signed() -> None:
    visit = rx.visit(cleared_at=None)
    draft = rx.draft(visit, line(rx.DrugFactory(special_class="psychotropic_2"), days=8))
    assert refused(draft, visit) == {"P-01", "P-02", "P-07"}
    draft.refresh_from_db()
    assert draft.state == PrescriptionState.DRAFT
    assert not draft.findings.exists()


def test_a_drug_of_a_special_class_is_refused_even_when_its_id_is_forced() -> None:
    visit = rx.visit()
    draft = rx.draft(visit, line(rx.DrugFactory(generic_name="地西泮片", special_class="psychotropic_2")))
    key = "P-01:1"
    assert "P-01" in refused(draft, visit, overrides={key: "必须用"}, signed_again=[key])


def test_a_prescription_without_diagnosis_is_refused() -> None:
    visit = rx.visit(is_diagnosed=False, is_record_signed=False)
    assert refused(rx.draft(visit), visit) == {"P-16"}


def test_a_dose_over_the_limit_needs_reason_and_second_signature() -> None:
    visit = rx.visit()
    draft = rx.draft(visit, line(rx.DrugFactory(), dose=Decimal(15)))
    assert refused(draft, visit) == {"P-14"}
    assert refused(draft, visit, overrides={"P-14:1:15mg": "血压未达标"}) == {"P-14"}
    signed = operations.submit(
        prescription_id=draft.pk,
        overrides={"P-14:1:15mg": "血压未达标"},
        signed_again=["P-14:1:15mg"],
        by=visit.doctor_user,
        at=AT,
    )
    finding = Finding.objects.get(prescription=signed, rule="P-14")
    assert finding.keep_reason == "血压未达标"
    assert finding.keep_signature.startswith("hmac-sm3:")
    assert finding.keep_signature != signed.signature


def test_warnings_are_stored_with_the_version_and_need_no_reason() -> None:
    visit = rx.visit(current_medicines="螺内酯")
    signed = rx.signed(visit, line(rx.valsartan(), dose=Decimal(80)))
    (finding,) = signed.findings.all()
    assert (finding.rule, finding.severity, finding.line_numbers, finding.grade) == ("I9", 2, [1], "KB")
    assert finding.message
    assert finding.message_en
    assert finding.source


def test_it_is_valid_for_three_days_by_default_until_midnight() -> None:
    signed = rx.signed(rx.visit())
    # Signed on 20 November: valid on the 20th, 21st and 22nd, Hangzhou time.
    assert signed.valid_until == datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
    assert signed.validity_reason


def test_the_doctor_may_limit_it_to_the_day_of_issue() -> None:
    visit = rx.visit()
    draft = rx.draft(visit, validity_days=1)
    signed = operations.submit(prescription_id=draft.pk, by=visit.doctor_user, at=AT)
    assert signed.valid_until == datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


def test_what_is_signed_takes_no_further_draft() -> None:
    visit = rx.visit()
    rx.signed(visit)
    with pytest.raises(AlreadySigned):
        rx.draft(visit)


@pytest.mark.parametrize("field", ["days_reason", "signature", "valid_until", "is_long_term"])
def test_the_database_lets_nothing_signed_change(field: str) -> None:
    signed = rx.signed(rx.visit())
    values = {"days_reason": "x", "signature": "x", "valid_until": AT, "is_long_term": True}
    with pytest.raises(DatabaseError), transaction.atomic():
        Prescription.objects.filter(pk=signed.pk).update(**{field: values[field]})


def test_the_database_lets_no_line_of_a_signed_prescription_come_change_or_go() -> None:
    signed = rx.signed(rx.visit())
    kept = signed.lines.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        signed.lines.update(packs=9)
    with pytest.raises(DatabaseError), transaction.atomic():
        signed.lines.all().delete()
    kept.pk, kept.number = None, 2
    with pytest.raises(DatabaseError), transaction.atomic():
        kept.save(force_insert=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        signed.delete()


def test_a_visit_has_one_living_prescription() -> None:
    visit = rx.visit()
    rx.draft(visit)
    with pytest.raises(IntegrityError), transaction.atomic():
        Prescription.objects.create(
            number="P2", encounter=visit.encounter, prescriber=visit.doctor, created_at=AT
        )


def test_a_running_supply_is_seen_in_the_next_visit() -> None:
    drug = rx.DrugFactory()
    earlier = rx.visit()
    rx.passed(rx.signed(earlier, line(drug, days=28), days_reason="慢性病"))
    later = rx.visit(
        at=AT + timedelta(days=10), patient=earlier.patient, patient_user=earlier.patient_user,
    )  # fmt: skip
    draft = rx.draft(later, line(drug), at=AT + timedelta(days=10))
    with pytest.raises(PrescriptionRefused) as refusal:
        operations.submit(prescription_id=draft.pk, by=later.doctor_user, at=AT + timedelta(days=10))
    assert [violation.rule for violation in refusal.value.violations] == ["D1"]


def test_a_record_that_is_not_signed_is_signed_together_with_the_prescription() -> None:
    visit = rx.visit(is_record_signed=False)
    rx.signed(visit)
    visit.encounter.record.refresh_from_db()
    assert visit.encounter.record.signed_at == AT


def test_a_record_that_is_not_complete_keeps_the_prescription_unsigned() -> None:
    visit = rx.visit(is_record_signed=False)
    visit.encounter.record.plan = ""
    visit.encounter.record.save()
    draft = rx.draft(visit)
    with pytest.raises(DomainError):
        operations.submit(prescription_id=draft.pk, by=visit.doctor_user, at=AT)
    draft.refresh_from_db()
    assert draft.state == PrescriptionState.DRAFT
