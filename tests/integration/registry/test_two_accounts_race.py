"""Two accounts ask for one person at the same moment, on two real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.models import User
from registry import operations
from registry.models import Guardianship, Patient, VerificationRequest
from registry.models.patients import Relation
from registry.states import VerificationEvent, VerificationState
from tests.factories.accounts import UserFactory
from tests.factories.registry import id_number
from tests.integration.registry.conftest import AT


def request(user: User, number: str) -> VerificationRequest:
    return operations.request_verification(
        relation=Relation.SELF, name="张秀英", id_number=number, by=user, at=AT
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_number", range(5))
def test_exactly_one_of_two_accounts_gets_the_person(round_number: int) -> None:
    users = [UserFactory(), UserFactory()]
    questions = [request(user, id_number(2 * round_number)) for user in users]
    start = Barrier(2)

    def answer(question: VerificationRequest) -> str:
        try:
            start.wait(timeout=10)
            return operations.record_verification(
                verification_id=question.pk, event=VerificationEvent.MATCH, by=None, at=AT
            ).state
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        states = sorted(pool.map(answer, questions))

    assert states == [VerificationState.MATCHED, VerificationState.TAKEN]
    assert Patient.objects.count() == 1
    assert Guardianship.objects.live().count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_asks_one_question() -> None:
    user = UserFactory()
    start = Barrier(2)

    def ask(_click: int) -> int:
        try:
            start.wait(timeout=10)
            return request(user, id_number(40)).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        asked = set(pool.map(ask, range(2)))

    assert len(asked) == 1
    assert VerificationRequest.objects.count() == 1
