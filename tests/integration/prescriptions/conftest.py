"""Clients of the people in these tests, and the moment at which they play."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from tests.factories.prescriptions import AT

SignIn = Callable[[User], Client]


@pytest.fixture
def at_that_moment() -> Iterator[None]:
    """Friday 20 November 2026, 14:30 in Hangzhou."""
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def signed_in(at_that_moment: None) -> SignIn:
    """A browser in which somebody is signed in; Chinese unless the cookie says otherwise."""

    def browser(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return browser
