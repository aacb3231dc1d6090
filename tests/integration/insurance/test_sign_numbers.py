"""The day's sign number: one for all processes of an institution, read once a day by each."""

from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest
from pytest_django import DjangoAssertNumQueries

from insurance.gateway.port import InsuranceGateway
from insurance.operations.insurer import StoredSignNumbers
from kernel import clock
from registry.models import Institution
from tests.factories.registry import InstitutionFactory

pytestmark = pytest.mark.django_db


class Insurer:
    """Gives numbers 1, 2, 3 to whoever signs in."""

    def __init__(self) -> None:
        self.signed_in = 0

    def sign_in(self, *_words: object) -> SimpleNamespace:
        self.signed_in += 1
        return SimpleNamespace(reply=SimpleNamespace(sign_number=str(self.signed_in)))


@pytest.fixture
def insurer() -> Insurer:
    return Insurer()


@pytest.fixture
def gateway(insurer: Insurer) -> InsuranceGateway:
    return cast("InsuranceGateway", insurer)


@pytest.fixture
def institution() -> Institution:
    return InstitutionFactory()


def test_a_number_is_read_once_a_day_by_a_process(
    institution: Institution,
    gateway: InsuranceGateway,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    numbers = StoredSignNumbers(institution)
    numbers.current(gateway)
    with django_assert_num_queries(0):
        assert numbers.current(gateway) == "1"


def test_a_second_process_takes_the_number_of_the_first(
    institution: Institution, insurer: Insurer, gateway: InsuranceGateway
) -> None:
    StoredSignNumbers(institution).current(gateway)
    assert StoredSignNumbers(institution).current(gateway) == "1"
    assert insurer.signed_in == 1


def test_tomorrow_is_signed_in_anew(
    institution: Institution, gateway: InsuranceGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = StoredSignNumbers(institution)
    numbers.current(gateway)
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    assert numbers.current(gateway) == "2"


def test_a_stale_number_is_renewed_once_for_all_processes(
    institution: Institution, insurer: Insurer, gateway: InsuranceGateway
) -> None:
    first, second = StoredSignNumbers(institution), StoredSignNumbers(institution)
    first.current(gateway)
    second.current(gateway)
    assert first.renewed(gateway, "1") == "2"
    assert second.renewed(gateway, "1") == "2"
    assert (first.current(gateway), second.current(gateway)) == ("2", "2")
    assert insurer.signed_in == 2
