"""The doctor's record: written, signed once, never changed."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import InternalError, transaction

from audit.models import AuditEntry
from encounters import operations
from encounters.errors import AlreadySigned, NotBegun, RecordIncomplete
from encounters.models import Diagnosis, Encounter, MedicalRecord
from encounters.queries import history_of, own_records_of
from kernel.errors import NotFoundForYou, RulesBroken
from registry.models import Practitioner
from tests.factories.encounters import (
    AT,
    DiagnosisCodeFactory,
    EncounterFactory,
    another_doctor,
    signed_record,
)
from tests.integration.encounters.conftest import Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(case: Case) -> Case:
    case.describe()
    return case


def acts(action: str) -> int:
    return AuditEntry.objects.filter(action=action).count()


def test_diagnoses_keep_their_order_and_each_counts_once(known: Case) -> None:
    diabetes = DiagnosisCodeFactory(diabetes=True)
    record = known.write(diagnosis_ids=[diabetes.pk, known.disease.pk, diabetes.pk])
    assert [(row.number, row.code) for row in record.diagnoses.all()] == [(1, diabetes), (2, known.disease)]


def test_the_order_can_be_changed_before_signing(known: Case) -> None:
    diabetes = DiagnosisCodeFactory(diabetes=True)
    known.write(diagnosis_ids=[diabetes.pk, known.disease.pk])
    record = known.write(diagnosis_ids=[known.disease.pk, diabetes.pk])
    assert [row.code for row in record.diagnoses.all()] == [known.disease, diabetes]


def test_saving_the_same_again_changes_nothing(known: Case) -> None:
    known.write()
    assert known.write(at=AT + timedelta(minutes=1)).changed_at == AT
    assert acts("encounters.record_saved") == 1


def test_an_incomplete_record_may_be_kept_but_not_signed(known: Case) -> None:
    known.write(present_illness=" ", plan="", diagnosis_ids=[])
    with pytest.raises(RecordIncomplete) as refused:
        known.sign()
    assert {violation.field for violation in refused.value.violations} == {
        "present_illness",
        "plan",
        "diagnosis_ids",
    }


def test_without_record_nothing_is_signed(known: Case) -> None:
    with pytest.raises(RecordIncomplete):
        known.sign()


def test_a_text_longer_than_the_interface_takes_is_refused(known: Case) -> None:
    with pytest.raises(RulesBroken) as refused:
        known.write(plan="续" * 501)
    assert [violation.field for violation in refused.value.violations] == ["plan"]


def test_a_diagnosis_that_does_not_exist_is_refused(known: Case) -> None:
    with pytest.raises(RulesBroken) as refused:
        known.write(diagnosis_ids=[0])
    assert [violation.field for violation in refused.value.violations] == ["diagnosis_ids"]


def test_only_the_known_disease_is_treated_online(known: Case) -> None:
    known.write(diagnosis_ids=[DiagnosisCodeFactory(diabetes=True).pk])
    with pytest.raises(RecordIncomplete) as refused:
        known.sign()
    assert [violation.rule for violation in refused.value.violations] == ["V-03"]


def test_at_the_hospital_any_disease_may_be_found(case: Case) -> None:
    Encounter.objects.update(kind="outpatient")
    case.write(diagnosis_ids=[DiagnosisCodeFactory(diabetes=True).pk])
    assert case.sign().signed_at == AT


def test_the_signature_holds_until_something_differs(known: Case) -> None:
    known.write()
    record = known.sign()
    assert record.signature.startswith("hmac-sm3:")
    assert operations.holds(record)
    record.plan = "另"
    assert not operations.holds(record)


def test_signing_twice_signs_once(known: Case) -> None:
    known.write()
    first = known.sign()
    second = known.sign(at=AT + timedelta(minutes=1))
    assert (second.signed_at, second.signature) == (AT, first.signature)
    assert acts("encounters.record_signed") == 1


def test_what_is_signed_never_changes(known: Case) -> None:
    known.write()
    known.sign()
    with pytest.raises(AlreadySigned):
        known.write(plan="另")
    for change in (
        lambda: MedicalRecord.objects.update(plan="另"),
        lambda: Diagnosis.objects.all().delete(),
        lambda: Diagnosis.objects.update(number=2),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            change()


def test_another_doctor_neither_writes_nor_signs(known: Case) -> None:
    known.write()
    other = another_doctor().user
    with pytest.raises(NotFoundForYou):
        known.write(by=other)
    with pytest.raises(NotFoundForYou):
        known.sign(by=other)
    with pytest.raises(NotFoundForYou):
        known.write(by=known.user)


def test_a_doctor_who_left_signs_nothing(known: Case) -> None:
    known.write()
    Practitioner.objects.update(is_active=False)
    with pytest.raises(NotFoundForYou):
        known.sign()


def test_an_outer_rollback_leaves_no_signature(known: Case) -> None:
    known.write()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        known.sign()
        raise ZeroDivisionError
    assert MedicalRecord.objects.get().signed_at is None
    assert acts("encounters.record_signed") == 0


# --- Earlier records --------------------------------------------------------------------------------


def earlier(case: Case, days: int) -> Encounter:
    encounter: Encounter = EncounterFactory(
        kind="outpatient", patient=case.encounter.patient, practitioner=case.encounter.practitioner,
        opened_at=AT - timedelta(days=days),
    )  # fmt: skip
    return encounter


def test_own_records_are_signed_within_the_window_and_newest_first(case: Case) -> None:
    visits = {days: earlier(case, days) for days in (10, 180, 181, 60)}
    for days, visit in visits.items():
        signed_record(visit, case.disease, at=AT - timedelta(days=days))
    Case(earlier(case, 5), case.user, case.disease).write()
    found = own_records_of(case.encounter.patient, AT.date())
    assert [record.encounter for record in found] == [visits[10], visits[60], visits[180]]
    assert [record.encounter for record in own_records_of(case.encounter.patient, AT.date(), 30)] == [
        visits[10]
    ]


@pytest.mark.parametrize("count", [1, 5])
def test_history_takes_the_same_number_of_queries_however_long(
    case: Case, count: int, django_assert_num_queries: Any
) -> None:
    for days in range(1, count + 1):
        signed_record(earlier(case, days), case.disease, at=AT - timedelta(days=days))
    with django_assert_num_queries(3):
        rows = [
            (
                row.department.name,
                row.practitioner.name,
                [one.code.name for one in row.record.diagnoses.all()],
            )
            for row in history_of(case.encounter.patient, AT)
        ]
    assert len(rows) == count
    with django_assert_num_queries(3):
        own = own_records_of(case.encounter.patient, AT.date())
        names = [[one.code.name for one in record.diagnoses.all()] for record in own]
    assert len(names) == count


@pytest.mark.parametrize("act", ["save_record", "sign_record"])
def test_an_online_visit_that_has_not_begun_leaves_no_record(case: Case, act: str) -> None:
    written = {"chief_complaint": "复诊", "present_illness": "稳定", "diagnosis_ids": [case.disease.pk]}
    with pytest.raises(NotBegun):
        getattr(operations, act)(
            encounter_id=case.encounter.pk, by=case.doctor, at=AT, **(written if act == "save_record" else {})
        )
    assert not MedicalRecord.objects.exists()
