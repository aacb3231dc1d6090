"""Before any test: a real database and broker, then Django.

This module is loaded before every other conftest and before any test module, in the controller of a parallel run
and in each of its workers. The controller starts the services; the workers find them in their environment.
"""

import atexit
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import django
import pytest
from django.db import connection
from django.utils import translation
from hypothesis import settings as of_hypothesis

from kernel.translating import compile_catalog
from launcher import databases, services

ROOT = Path(__file__).resolve().parents[1]


def _start() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "hospital.settings.test"
    os.environ.setdefault("PYTHONPATH", str(ROOT))
    stack = ExitStack()
    atexit.register(stack.close)
    stack.enter_context(services.for_tests(ROOT / "var"))
    _use_own_broker_database()
    _compile_translations()
    django.setup()
    # The browser driver keeps an event loop in this thread; Django would refuse its database there.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def _compile_translations() -> None:
    # A fresh clone has no .mo; the controller writes it before its workers start.
    catalogue = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    compiled = catalogue.with_suffix(".mo")
    if not compiled.exists() or compiled.stat().st_mtime < catalogue.stat().st_mtime:
        compile_catalog(catalogue)


def _use_own_broker_database() -> None:
    # Parallel workers share one Valkey; each takes a numbered database of its own.
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw-1")
    base, _slash, _number = os.environ["REDIS_URL"].rpartition("/")
    os.environ["REDIS_URL"] = f"{base}/{int(worker.removeprefix('gw')) + 1}"


_start()

# Imported only now, when the services run and Django is set up.
from tests import emptying, migrated  # noqa: E402
from tests.browser import browser_context_args, browser_type_launch_args  # noqa: E402
from tests.live_stack import _running_stack, live_stack  # noqa: E402
from tests.verification.simulators import Simulators, running  # noqa: E402

emptying.install()
# How long an example takes says how busy the machine is.
of_hypothesis.register_profile("any machine", deadline=None)
of_hypothesis.load_profile("any machine")

__all__ = ["_running_stack", "browser_context_args", "browser_type_launch_args", "live_stack"]


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, django_db_modify_db_settings: None
) -> Iterator[None]:
    """A copy of the migrated database for this worker, in place of migrating in each."""
    with django_db_blocker.unblock():
        name = connection.settings_dict["TEST"]["NAME"] or f"test_{connection.settings_dict['NAME']}"
        url = databases.named(os.environ["DATABASE_URL"], name)
        migrated.product(url)
        connection.close()
        connection.settings_dict["NAME"] = name
    yield
    with django_db_blocker.unblock():
        connection.close()
        databases.drop(url)


@pytest.fixture(scope="session")
def running_simulators(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulators]:
    """One process of simulators for all tests; they take it through their own ``simulators``.

    It stands here alone: a second definition, also an imported one, would be a second process on the same database.
    """
    with running(tmp_path_factory.mktemp("simulators")) as started:
        yield started


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put browser tests last: once the browser's event loop runs, the same process can run no asyncio test."""
    items.sort(key=_needs_browser)


def _needs_browser(item: pytest.Item) -> bool:
    return bool({"page", "context", "browser", "live_stack"} & set(getattr(item, "fixturenames", ())))


@pytest.fixture(autouse=True)
def _language_of_the_hospital() -> Iterator[None]:
    """A test that was answered in English does not leave the next one in it."""
    yield
    translation.deactivate()
