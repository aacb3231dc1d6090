"""The price office in a browser without script: who sits there, and what is typed."""

from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from tests.factories import revisions as made
from tests.factories.revisions import AT
from tests.integration.pricing.office.at_the_desk import browser


@pytest.fixture(autouse=True)
def _at_that_moment() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def clerk() -> User:
    return made.drafter()


@pytest.fixture
def desk(clerk: User) -> Client:
    return browser(clerk)
