"""Demonstration schedules: doctors receive around the clock, so that the product can be tried at any hour."""

from datetime import datetime, time

from django.db import transaction

from consultations.models import Schedule
from consultations.operations import open_slots
from consultations.queries import receiving_doctors
from kernel import clock


@transaction.atomic
def load(*, at: datetime) -> None:
    """Every demonstration doctor receives every day, half hours with four places; may be repeated."""
    today = clock.day_of(at)
    for doctor in receiving_doctors().filter(institution__is_demonstration=True):
        for weekday in range(1, 8):
            Schedule.objects.get_or_create(
                practitioner=doctor,
                weekday=weekday,
                defaults={"starts_at": time(0), "ends_at": time(23, 59), "valid_from": today},
            )
    open_slots(at=at)
