"""Real names: ask, answer, ask again, and to whom a person belongs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from audit.operations import first_break
from kernel.errors import RulesBroken
from kernel.models import OutboxJob
from registry import operations
from registry.gateway.messages import RealNameResult
from registry.models import Guardianship, Patient, VerificationRequest
from registry.models.patients import Relation
from registry.queries import help_phone, patients_of, self_of
from registry.states import VerificationEvent, VerificationState
from tests.factories.accounts import UserFactory
from tests.factories.registry import GuardianshipFactory, InstitutionFactory, id_number
from tests.integration.registry.conftest import AT, Register

NUMBER = id_number(982)

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    made: User = UserFactory(mobile="13800000001")
    return made


def request(user: User, *, name: str = "张秀英", number: str = NUMBER, **fields: Any) -> VerificationRequest:
    wanted = {"relation": Relation.SELF, "name": name, "id_number": number, "by": user, "at": AT, **fields}
    return operations.request_verification(**wanted)


def ask(user: User, **fields: Any) -> VerificationRequest:
    return operations.ask_identity(verification_id=request(user, **fields).pk, by=user, at=AT)


def broken(user: User, **fields: Any) -> list[str]:
    with pytest.raises(RulesBroken) as refused:
        request(user, **fields)
    return [violation.rule for violation in refused.value.violations]


def test_a_match_makes_the_patient_and_her_right_to_act(user: User, register: Register) -> None:
    question = ask(user, number=f" {NUMBER[:6]} {NUMBER[6:]} ")

    patient = self_of(user)
    assert patient is not None
    assert (patient.name, patient.id_number, patient.gender, str(patient.born_on), patient.mobile) == (
        "张秀英",
        NUMBER,
        "2",
        "1956-03-08",
        "13800000001",
    )
    assert (patient.verified_at, patient.verification_request) == (AT, question.number)
    assert question.state == VerificationState.MATCHED
    assert register.asked == [(question.number, "张秀英", NUMBER)]
    assert not register.was_in_transaction
    user.refresh_from_db()
    assert user.display_name == "张*英"
    assert first_break(question) is None


def test_asking_the_same_twice_does_it_once(user: User, register: Register) -> None:
    first = request(user)
    assert request(user) == first
    ask(user)
    assert ask(user) == first
    assert len(register.asked) == 1
    assert (Patient.objects.count(), Guardianship.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (RealNameResult.MISMATCH, VerificationState.MISMATCHED),
        (RealNameResult.NOT_FOUND, VerificationState.NOT_FOUND),
    ],
)
def test_what_the_register_denies_makes_nobody(
    user: User, register: Register, answer: RealNameResult, state: VerificationState
) -> None:
    register.answer = answer
    assert ask(user).state == state
    assert Patient.objects.count() == 0
    register.answer = RealNameResult.MATCH
    assert ask(user, name="张秀美").state == VerificationState.MATCHED


def test_a_question_the_service_does_not_accept_counts_as_not_found(user: User, register: Register) -> None:
    register.refuses = True
    assert ask(user).state == VerificationState.NOT_FOUND


def test_a_silent_register_is_asked_again_later_and_the_person_is_told(
    user: User, register: Register
) -> None:
    register.answer = None
    question = ask(user)

    assert question.state == VerificationState.UNANSWERED
    job = OutboxJob.objects.get(task_name="registry.ask_identity")
    assert (job.arguments, job.due_at) == ({"verification_id": question.pk}, AT + timedelta(seconds=15))
    assert self_of(user) is None

    register.answer = RealNameResult.MATCH
    later = AT + timedelta(seconds=15)
    operations.ask_identity(verification_id=question.pk, by=None, at=later)
    assert self_of(user) is not None
    told = OutboxJob.objects.get(task_name="accounts.send_text")
    assert told.arguments["key"] == question.number
    assert {number for number, _name, _id in register.asked} == {question.number}


def test_the_pauses_grow_to_ten_minutes(user: User, register: Register) -> None:
    register.answer = None
    question = request(user)
    pauses = []
    for _attempt in range(8):
        OutboxJob.objects.all().delete()
        operations.ask_identity(verification_id=question.pk, by=None, at=AT)
        pauses.append((OutboxJob.objects.get().due_at - AT).total_seconds())
    assert pauses == [15, 30, 60, 120, 240, 480, 600, 600]


def test_the_sweeper_finds_what_a_process_that_died_left_behind(user: User) -> None:
    question = request(user)
    assert operations.sweep(at=AT + timedelta(seconds=29)) == 0
    assert operations.sweep(at=AT + timedelta(seconds=31)) == 1
    assert OutboxJob.objects.get().arguments == {"verification_id": question.pk}


def test_an_answer_recorded_twice_changes_nothing(user: User) -> None:
    question = request(user)
    for event in (VerificationEvent.MATCH, VerificationEvent.MISMATCH):
        operations.record_verification(verification_id=question.pk, event=event, by=None, at=AT)
    question.refresh_from_db()
    assert question.state == VerificationState.MATCHED


def test_r_07_a_person_of_another_account_is_refused(user: User, register: Register) -> None:
    InstitutionFactory()
    other = UserFactory()
    ask(other)
    assert ask(user).state == VerificationState.TAKEN
    assert self_of(user) is None
    assert list(patients_of(user)) == []
    assert help_phone() == "400-000-0000"


def test_r_01_and_r_02_are_said_together(user: User) -> None:
    assert broken(user, name="Z", number="123") == ["R-01", "R-02"]


def test_r_03_a_child_does_not_verify_itself(user: User) -> None:
    assert broken(user, number="330106201809019939") == ["R-03"]


def test_r_05_ten_questions_a_day(user: User, register: Register) -> None:
    register.answer = RealNameResult.MISMATCH
    for number in range(10):
        ask(user, number=id_number(2 * number))
    assert broken(user) == ["R-05"]
    assert request(user, at=AT + timedelta(days=1, seconds=1)).is_open


def test_r_09_another_name_waits_for_the_answer_on_its_way(user: User) -> None:
    request(user)
    assert broken(user, name="张秀美") == ["R-09"]
    assert broken(user, number=id_number(20)) == ["R-09"]


def test_r_10_a_verified_name_is_not_changed_by_herself(user: User, register: Register) -> None:
    ask(user)
    assert broken(user, number=id_number(20)) == ["R-10"]


def test_an_outer_rollback_leaves_no_question(user: User) -> None:
    with pytest.raises(RuntimeError, match="later"), transaction.atomic():
        request(user)
        raise RuntimeError("something failed later")
    assert VerificationRequest.objects.count() == 0


def test_somebody_elses_family_member_may_confirm_herself_once_nobody_acts_for_her(
    user: User, register: Register
) -> None:
    right = GuardianshipFactory(relation=Relation.PARENT, patient__id_number=NUMBER)
    assert ask(user).state == VerificationState.TAKEN
    operations.end_guardianship(patient_id=right.patient_id, by=right.user, at=AT)
    assert ask(user).state == VerificationState.MATCHED
    assert self_of(user) == right.patient
