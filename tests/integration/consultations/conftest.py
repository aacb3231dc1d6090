"""A doctor, two patients and a slot."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from consultations.models import Slot
from kernel import clock
from registry.models import Guardianship, Patient, Practitioner
from tests.factories import consultations as factories
from tests.factories.registry import GuardianshipFactory, PractitionerFactory


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    """Files vanish after the test."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def now() -> datetime:
    """The present moment."""
    return clock.now()


@pytest.fixture
def doctor(db: None) -> Practitioner:
    """Receives online."""
    return PractitionerFactory()


@pytest.fixture
def slot(doctor: Practitioner, now: datetime) -> Slot:
    """Half an hour that began five minutes ago, with one place."""
    return factories.slot(doctor, starts_at=now - timedelta(minutes=5), places=1)


@pytest.fixture
def guardianship(db: None) -> Guardianship:
    """A woman who acts for herself."""
    return GuardianshipFactory()


@pytest.fixture
def user(guardianship: Guardianship) -> User:
    """Who books."""
    return guardianship.user


@pytest.fixture
def patient(guardianship: Guardianship) -> Patient:
    """For whom."""
    return guardianship.patient
