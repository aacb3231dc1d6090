"""A doctor, a patient, and browsers in which they are signed in."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from accounts.models import User
from kernel import clock
from registry.models import Patient, Practitioner
from tests.factories import portal as factories
from tests.factories.encounters import another_doctor

BACKEND = "django.contrib.auth.backends.ModelBackend"
SignIn = Callable[..., Client]


@pytest.fixture
def now() -> datetime:
    """The present moment."""
    return clock.now()


@pytest.fixture
def doctor(db: None) -> Practitioner:
    """Receives online."""
    return another_doctor()


@pytest.fixture
def people(db: None) -> tuple[User, Patient]:
    """A patient with her account."""
    return factories.patient_user()


@pytest.fixture
def user(people: tuple[User, Patient]) -> User:
    """Her account."""
    return people[0]


@pytest.fixture
def patient(people: tuple[User, Patient]) -> Patient:
    """She."""
    return people[1]


@pytest.fixture
def signed_in() -> SignIn:
    """A browser of a person, in Chinese unless told otherwise."""

    def sign_in(user: User | None, language: str = "zh-hans") -> Client:
        browser = Client()
        browser.cookies["django_language"] = language
        if user is not None:
            browser.force_login(user, backend=BACKEND)
        return browser

    return sign_in


@pytest.fixture
def desk(doctor: Practitioner, signed_in: SignIn) -> Client:
    """The doctor's browser."""
    assert doctor.user is not None
    return signed_in(doctor.user)
