"""Family members, and what insurance is stated."""

from datetime import timedelta

import pytest
from django.db import transaction

from accounts.models import User
from kernel.errors import NotFoundForYou, RulesBroken
from registry import operations
from registry.models import Coverage, Guardianship, Patient, VerificationRequest
from registry.models.patients import Relation
from registry.queries import coverage_of, patient_for, patients_of
from registry.states import VerificationState
from tests.factories.accounts import UserFactory
from tests.factories.registry import GuardianshipFactory, PatientFactory, id_number
from tests.integration.registry.conftest import AT, Register

CHILD = "330106201809019939"

pytestmark = pytest.mark.django_db


@pytest.fixture
def mother() -> User:
    right = GuardianshipFactory(patient__name="王海燕", patient__id_number="330106197905209848")
    user: User = right.user
    return user


def add(
    by: User, number: str = CHILD, mobile: str = "", relation: str = Relation.CHILD
) -> VerificationRequest:
    question = operations.add_family_member(
        relation=relation, name="李小明", id_number=number, mobile=mobile, by=by, at=AT
    )
    return operations.ask_identity(verification_id=question.pk, by=by, at=AT)


def broken(by: User, number: str = CHILD, mobile: str = "") -> list[str]:
    with pytest.raises(RulesBroken) as refused:
        add(by, number, mobile)
    return [violation.rule for violation in refused.value.violations]


def test_a_child_is_added_without_a_mobile_number(mother: User, register: Register) -> None:
    question = add(mother)
    assert question.state == VerificationState.MATCHED
    names = [patient.name for patient in patients_of(mother)]
    assert names == ["王海燕", "李小明"]
    child = patient_for(mother, question.patient_id or 0)
    assert (child.mobile, child.gender) == ("", "1")


def test_adding_twice_adds_once(mother: User, register: Register) -> None:
    assert add(mother) == add(mother)
    assert Guardianship.objects.filter(relation=Relation.CHILD).count() == 1


def test_r_04_an_adult_has_a_mobile_number(mother: User, register: Register) -> None:
    assert broken(mother, id_number(21)) == ["R-04"]
    assert add(mother, id_number(21), "13800000077", Relation.PARENT).state == VerificationState.MATCHED


def test_r_06_at_most_eight(mother: User, register: Register) -> None:
    for _member in range(8):
        GuardianshipFactory(user=mother, relation=Relation.OTHER)
    assert broken(mother) == ["R-06"]


def test_r_08_she_confirms_herself_first(register: Register) -> None:
    assert broken(UserFactory()) == ["R-08"]


def test_nobody_becomes_herself_by_way_of_the_family(mother: User, register: Register) -> None:
    add(mother, relation=Relation.SELF)
    assert Guardianship.objects.get(patient__name="李小明").relation == Relation.OTHER


def test_a_right_that_ended_shows_nothing_and_ending_twice_ends_once(
    mother: User, register: Register
) -> None:
    child = add(mother).patient
    assert child is not None
    ended = operations.end_guardianship(patient_id=child.pk, by=mother, at=AT)
    again = operations.end_guardianship(patient_id=child.pk, by=mother, at=AT + timedelta(days=1))
    assert (ended.ended_at, again.ended_at) == (AT, AT)
    with pytest.raises(NotFoundForYou):
        patient_for(mother, child.pk)
    assert Patient.objects.filter(pk=child.pk).exists()


def test_r_11_nobody_removes_herself_and_nobody_removes_for_others(mother: User) -> None:
    own = patients_of(mother).get()
    with pytest.raises(RulesBroken) as refused:
        operations.end_guardianship(patient_id=own.pk, by=mother, at=AT)
    assert [violation.rule for violation in refused.value.violations] == ["R-11"]
    with pytest.raises(NotFoundForYou):
        operations.end_guardianship(patient_id=own.pk, by=UserFactory(), at=AT)


def state(
    by: User, patient: Patient, kind: str = "310", region: str = "330100", days: int = 0
) -> Coverage | None:
    return operations.state_coverage(
        patient_id=patient.pk, insurance_type=kind, insured_region=region, by=by, at=AT + timedelta(days=days)
    )


def test_a_new_statement_ends_the_one_before(mother: User) -> None:
    patient = patients_of(mother).get()
    first = state(mother, patient)
    second = state(mother, patient, "390", "110100", days=1)
    assert first is not None
    first.refresh_from_db()
    assert first.ended_at == AT + timedelta(days=1)
    assert coverage_of(patient) == second


def test_saying_the_same_twice_says_it_once(mother: User) -> None:
    patient = patients_of(mother).get()
    assert state(mother, patient) == state(mother, patient, days=1)
    assert Coverage.objects.count() == 1


def test_no_insurance_is_a_statement_too(mother: User) -> None:
    patient = patients_of(mother).get()
    state(mother, patient)
    assert state(mother, patient, "", "330100", days=1) is None
    assert state(mother, patient, "", "", days=2) is None
    patient.refresh_from_db()
    assert (coverage_of(patient), patient.pays_self_since) == (None, AT + timedelta(days=1))
    state(mother, patient, days=3)
    patient.refresh_from_db()
    assert patient.pays_self_since is None


@pytest.mark.parametrize(("kind", "region"), [("999", "330100"), ("310", "999999"), ("310", "")])
def test_r_12_unknown_kinds_and_places_are_refused(mother: User, kind: str, region: str) -> None:
    with pytest.raises(RulesBroken):
        state(mother, patients_of(mother).get(), kind, region)
    assert Coverage.objects.count() == 0


def test_nobody_states_anything_for_a_stranger(mother: User) -> None:
    with pytest.raises(NotFoundForYou):
        state(mother, PatientFactory())


def test_an_outer_rollback_keeps_what_was_stated(mother: User) -> None:
    patient = patients_of(mother).get()
    first = state(mother, patient)
    with pytest.raises(RuntimeError, match="later"), transaction.atomic():
        state(mother, patient, "", "")
        raise RuntimeError("something failed later")
    assert coverage_of(patient) == first
