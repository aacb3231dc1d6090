"""Slots are opened from schedules, once."""

from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from consultations.models import Place, Schedule, Slot
from consultations.operations import open_slots
from consultations.queries import day_bounds, next_free
from kernel import clock
from registry.models import Practitioner

pytestmark = pytest.mark.django_db

SATURDAY = date(2026, 11, 21)
AT = day_bounds(SATURDAY)[0] + timedelta(hours=8)


def schedule(doctor: Practitioner, **changes: object) -> Schedule:
    """Saturdays from nine to half past ten."""
    fields: dict[str, object] = {
        "weekday": SATURDAY.isoweekday(),
        "starts_at": time(9),
        "ends_at": time(10, 30),
        "valid_from": date(2026, 1, 1),
    }
    return Schedule.objects.create(practitioner=doctor, **(fields | changes))


def test_every_saturday_of_the_next_two_weeks_is_opened_with_four_places_a_slot(doctor: Practitioner) -> None:
    schedule(doctor)
    open_slots(at=AT)
    starts = [timezone.localtime(slot.starts_at) for slot in Slot.objects.all()]
    assert {start.date() for start in starts} == {SATURDAY + timedelta(days=7 * n) for n in range(3)}
    assert {start.time() for start in starts} == {time(9), time(9, 30), time(10)}
    assert Place.objects.count() == 3 * 3 * 4


def test_opening_again_opens_nothing_twice(doctor: Practitioner) -> None:
    schedule(doctor)
    open_slots(at=AT)
    assert open_slots(at=AT + timedelta(hours=1)) == 0
    assert Place.objects.count() == 3 * 3 * 4


def test_around_the_clock_is_forty_eight_half_hours(doctor: Practitioner) -> None:
    schedule(doctor, starts_at=time(0), ends_at=time(23, 59))
    open_slots(at=AT, days=0)
    last = Slot.objects.order_by("starts_at").last()
    assert last is not None
    assert Slot.objects.count() == 48
    assert last.ends_at == day_bounds(SATURDAY)[1]


def test_a_schedule_that_has_ended_or_not_begun_opens_nothing(doctor: Practitioner) -> None:
    schedule(doctor, valid_until=SATURDAY)
    schedule(doctor, valid_from=SATURDAY + timedelta(days=1))
    open_slots(at=AT, days=0)
    assert not Slot.objects.exists()


def test_a_changed_schedule_leaves_opened_slots_as_they_are(doctor: Practitioner) -> None:
    made = schedule(doctor)
    open_slots(at=AT, days=0)
    made.places_per_slot = 9
    made.ends_at = time(11)
    made.save()
    open_slots(at=AT, days=0)
    counts = [slot.places.count() for slot in Slot.objects.all()]
    assert counts == [4, 4, 4, 9]


def test_the_next_free_slots_are_named_in_order_without_what_is_over(doctor: Practitioner) -> None:
    schedule(doctor)
    open_slots(at=AT)
    at = day_bounds(SATURDAY)[0] + timedelta(hours=9, minutes=40)
    words = [f"{timezone.localtime(slot.starts_at):%d %H:%M}" for slot in next_free(doctor, at=at)]
    assert words == ["21 09:30", "21 10:00", "28 09:00"]


def test_the_demonstration_day_is_today_here(doctor: Practitioner) -> None:
    schedule(doctor)
    late_evening_in_utc = AT - timedelta(hours=9)
    assert clock.day_of(late_evening_in_utc) == SATURDAY - timedelta(days=1)
    open_slots(at=late_evening_in_utc, days=0)
    assert not Slot.objects.exists(), "it is still Friday in Shanghai"
