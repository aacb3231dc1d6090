"""The race for the last place, with two real connections, two hundred times."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from consultations.errors import PlaceTaken
from consultations.models import Place, Revisit
from consultations.operations import hold_place
from kernel import clock
from registry.models import Guardianship
from tests.factories import consultations as factories
from tests.factories.registry import GuardianshipFactory, PractitionerFactory

ROUNDS = 200


@pytest.mark.django_db(transaction=True)
def test_one_gets_the_place_and_the_other_is_told_two_hundred_times() -> None:
    doctor = PractitionerFactory()
    now = clock.now()
    people = [GuardianshipFactory(), GuardianshipFactory()]
    # A day apart each, so that a patient who won may race again.
    slots = [factories.slot(doctor, starts_at=now + timedelta(days=n)) for n in range(1, ROUNDS + 1)]
    start = Barrier(2)

    def race(person: Guardianship) -> list[str]:
        try:
            return [attempt(person, slot.pk) for slot in slots]
        finally:
            connection.close()

    def attempt(person: Guardianship, slot_id: int) -> str:
        start.wait(timeout=30)
        try:
            hold_place(slot_id=slot_id, patient_id=person.patient.pk, by=person.user, at=now)
        except PlaceTaken:
            return "told"
        return "got it"

    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = list(pool.map(race, people))

    assert all(sorted(pair) == ["got it", "told"] for pair in zip(*outcomes, strict=True))
    assert Revisit.objects.count() == ROUNDS
    assert Place.objects.filter(revisit__isnull=False).count() == ROUNDS
    assert len(set(outcomes[0])) == 2, "both should win sometimes, or it was no race"
