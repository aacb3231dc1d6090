"""People of the insurance office in front of their pages."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from tests.factories import screening as factory

Desk = Callable[[User], Client]


@pytest.fixture
def desk() -> Desk:
    """A browser in which somebody is signed in."""

    def browser(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return browser


@pytest.fixture
def officer() -> User:
    """Somebody of the insurance office."""
    return factory.officer()
