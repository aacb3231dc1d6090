"""A charging rule counts what stands charged to the patient, also when two of her visits are priced at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from billing.models import Bill
from billing.operations import void_bill
from consultations import operations
from consultations.models import Slot
from kernel import clock
from pricing.models import PriceItem
from pricing.rules.codes import ONLINE_REVISIT
from pricing.rules.errors import ChargeRulesBroken
from registry.models import Guardianship, Practitioner
from tests.factories import consultations as factories
from tests.factories.charge_rules import ChargeRuleFactory
from tests.factories.consultations import Booking, booking
from tests.factories.encounters import another_doctor


def once_a_day() -> None:
    """The demonstration charges the online re-diagnosis once a day (an invented rule)."""
    factories.price_the_visit()
    ChargeRuleFactory(subjects=[PriceItem.objects.get(code=ONLINE_REVISIT)])


def ready(slot: Slot, right: Guardianship, at: datetime) -> Booking:
    return booking(slot, at=at, right=right).prepare()


@pytest.fixture
def other_slot(slot: Slot, now: datetime) -> Slot:
    """The same half hour of another doctor of the hospital."""
    doctor = another_doctor(
        institution=slot.practitioner.institution, department=slot.practitioner.department
    )
    return factories.slot(doctor, starts_at=slot.starts_at)


def test_a_second_visit_on_the_day_is_refused_with_the_rule_until_the_first_bill_is_void(
    slot: Slot, other_slot: Slot, guardianship: Guardianship, now: datetime
) -> None:
    once_a_day()
    first, second = ready(slot, guardianship, now).price(), ready(other_slot, guardianship, now)
    with pytest.raises(ChargeRulesBroken) as refusal:
        second.price()
    assert [violation.rule for violation in refusal.value.violations] == ["PR-41"]
    assert Bill.objects.count() == 1
    void_bill(bill_id=first.now().bill_id, at=now)
    second.price()
    assert Bill.objects.count() == 2


def test_asking_for_the_price_of_the_same_visit_again_gives_its_bill(
    slot: Slot, guardianship: Guardianship, now: datetime
) -> None:
    once_a_day()
    visit = ready(slot, guardianship, now).price().price()
    assert Bill.objects.get().pk == visit.now().bill_id


def test_without_a_rule_two_doctors_on_one_day_are_both_charged(
    slot: Slot, other_slot: Slot, guardianship: Guardianship, now: datetime
) -> None:
    for each in (slot, other_slot):
        ready(each, guardianship, now).price()
    assert Bill.objects.count() == 2


ROUNDS = 15


@pytest.mark.django_db(transaction=True)
def test_of_two_visits_priced_at_once_one_is_charged_and_the_other_refused(
    doctor: Practitioner, now: datetime, guardianship: Guardianship
) -> None:
    once_a_day()
    colleague = another_doctor(institution=doctor.institution, department=doctor.department)
    days = [now + timedelta(days=day) for day in range(1, ROUNDS + 1)]
    pairs = [
        [
            ready(factories.slot(each, starts_at=day), guardianship, now).revisit.pk
            for each in (doctor, colleague)
        ]
        for day in days
    ]
    start = Barrier(2)

    def race(side: int) -> list[str]:
        try:
            return [attempt(pair[side]) for pair in pairs]
        finally:
            connection.close()

    def attempt(revisit_id: int) -> str:
        start.wait(timeout=30)
        try:
            operations.price_visit(revisit_id=revisit_id, uses_insurance=False, by=guardianship.user, at=now)
        except ChargeRulesBroken:
            return "refused"
        return "charged"

    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = list(pool.map(race, (0, 1)))

    assert all(sorted(pair) == ["charged", "refused"] for pair in zip(*outcomes, strict=True))
    assert Bill.objects.count() == ROUNDS


def test_she_reads_the_rule_and_from_when_it_is_possible_on_the_page(
    client: Client, slot: Slot, other_slot: Slot, guardianship: Guardianship, now: datetime
) -> None:
    once_a_day()
    ready(slot, guardianship, now).price()
    second = ready(other_slot, guardianship, now)
    client.force_login(guardianship.user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.post(f"/visits/{second.number}/consent/", follow=True)
    assert page.redirect_chain == [(f"/visits/{second.number}/consent/", 302)]
    text = page.content.decode()
    assert "每日限收一次。" in text
    assert (clock.day_of(slot.starts_at) + timedelta(days=1)).isoformat() in text
    assert second.now().bill is None
