"""Who is next, how long it takes, and how many statements that costs."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from consultations.models import Slot
from consultations.queries import QueuePlace, average_minutes, day_bounds, queue_of, queue_place
from kernel import clock
from registry.models import Practitioner
from tests.factories import consultations as factories
from tests.factories.consultations import booking

pytestmark = pytest.mark.django_db


def test_the_queue_goes_by_slot_then_by_payment(doctor: Practitioner, slot: Slot, now: datetime) -> None:
    later = factories.slot(doctor, starts_at=now + timedelta(minutes=15), places=4)
    third = booking(later, at=now).prepare().price().pay()
    first = booking(slot, at=now).prepare().price().pay()
    second = booking(slot, at=now).prepare().price().pay()
    booking(slot, at=now)
    queue = [visit.pk for visit in queue_of(doctor, clock.day_of(now))]
    assert queue == [first.revisit.pk, second.revisit.pk, third.revisit.pk]
    # 10 minutes a visit while the day is young; never before the slot begins.
    assert queue_place(first.now(), at=now) == QueuePlace(0, 0)
    assert queue_place(second.now(), at=now) == QueuePlace(1, 10)
    assert queue_place(third.now(), at=now) == QueuePlace(2, 20)
    assert queue_place(third.now(), at=now - timedelta(minutes=10)) == QueuePlace(2, 25)


def test_the_estimate_is_the_average_of_the_visits_that_have_ended(
    doctor: Practitioner, slot: Slot, now: datetime
) -> None:
    for minutes in (6, 9):
        visit = booking(slot, at=now).prepare().price().pay().begin().decide().sign()
        visit.complete(at=now + timedelta(minutes=minutes))
    # (6 + 9) / 2 = 7.5, rounded half to even
    assert average_minutes(doctor, at=now + timedelta(minutes=10)) == 8
    assert average_minutes(doctor, at=now + timedelta(days=2)) == 10


def test_who_is_being_seen_counts_as_one_ahead(slot: Slot, now: datetime) -> None:
    first = booking(slot, at=now).prepare().price().pay().begin()
    second = booking(slot, at=now).prepare().price().pay()
    assert queue_place(first.now(), at=now) is None
    assert queue_place(second.now(), at=now) == QueuePlace(1, 10)


def test_a_visit_that_goes_on_past_midnight_stays_in_the_queue(doctor: Practitioner, now: datetime) -> None:
    _begin, midnight = day_bounds(clock.day_of(now))
    last = factories.slot(doctor, starts_at=midnight - timedelta(minutes=30))
    visit = booking(last, at=now).prepare().price().pay().begin()
    tomorrow = clock.day_of(midnight)
    assert [found.pk for found in queue_of(doctor, tomorrow)] == [visit.revisit.pk]


def test_the_queue_takes_as_many_statements_for_one_as_for_three(
    doctor: Practitioner, now: datetime, django_assert_num_queries: Any
) -> None:
    slot = factories.slot(doctor, starts_at=now - timedelta(minutes=5), places=3)

    def everything_shown() -> list[tuple[str, ...]]:
        return [
            (
                visit.encounter.patient.name,
                visit.encounter.department.name,
                str(visit.encounter.known_disease),
            )
            for visit in queue_of(doctor, clock.day_of(now))
        ]

    booking(slot, at=now).prepare().price().pay()
    with django_assert_num_queries(1):
        assert len(everything_shown()) == 1
    for _more in range(2):
        booking(slot, at=now).prepare().price().pay()
    with django_assert_num_queries(1):
        assert len(everything_shown()) == 3
