"""Visits at noon, in any state."""

from datetime import datetime, timedelta

import pytest

from consultations.models import Slot
from consultations.queries import day_bounds
from kernel import clock
from registry.models import Practitioner
from tests.factories import consultations as factories
from tests.factories.consultations import Booking, booking


@pytest.fixture
def now() -> datetime:
    """A quarter past noon today, so that the day does not end under the test."""
    begin, _end = day_bounds(clock.day_of(clock.now()))
    return begin + timedelta(hours=12, minutes=15)


@pytest.fixture
def slot(doctor: Practitioner, now: datetime) -> Slot:
    """An hour that began fifteen minutes ago, with four places."""
    return factories.slot(doctor, starts_at=now - timedelta(minutes=15), places=4, minutes=60)


@pytest.fixture
def held(slot: Slot, now: datetime) -> Booking:
    """A held place."""
    return booking(slot, at=now)


@pytest.fixture
def waiting(held: Booking) -> Booking:
    """A paid visit."""
    return held.prepare().price().pay()
