"""Taking a place beside the barest transaction: one INSERT and one COMMIT on the same database."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg2
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.live_stack import LiveStack

CLIENTS = (1, 4)
HOLDS = 200
INSERTS = 1000


def compare(live: LiveStack) -> None:
    """Print both rates and their ratio; the product's processes have been stopped."""
    statements = _statements()
    print(
        f"\n{'clients':<9}{'holds/s':>9}{'INSERT+COMMIT/s':>17}{'ratio':>8}   ({statements} statements a hold)",
        flush=True,
    )
    for clients in CLIENTS:
        bare, holds = _bare(live, clients), _holds(clients)
        print(f"{clients:<9}{holds:>9.0f}{bare:>17.0f}{bare / holds:>8.1f}", flush=True)


def _bare(live: LiveStack, clients: int) -> float:
    """Rows a second, each committed by itself."""

    def insert(count: int) -> None:
        own = _connection(live)
        with own.cursor() as cursor:
            for number in range(count):
                cursor.execute("INSERT INTO benchmark_row (number) VALUES (%s)", [number])
        own.close()

    own = _connection(live)
    with own.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS benchmark_row (id bigserial PRIMARY KEY, number int)")
    own.close()
    return _together([lambda: insert(INSERTS // clients)] * clients, INSERTS)


def _connection(live: LiveStack) -> Any:
    """A connection that commits each statement by itself."""
    own = psycopg2.connect(live.env["DATABASE_URL"])
    own.autocommit = True
    return own


def _holds(clients: int) -> float:
    """Places a second that different patients take."""
    return _together([_taker(HOLDS // clients) for _client in range(clients)], HOLDS)


def _together(works: list[Callable[[], None]], count: int) -> float:
    with ThreadPoolExecutor(len(works)) as pool:
        began = time.perf_counter()
        for done in [pool.submit(work) for work in works]:
            done.result()
        return count / (time.perf_counter() - began)


def _taker(count: int) -> Callable[[], None]:
    """A patient who takes ``count`` places, a day apart, with a doctor of her own."""
    # Only now Django is set up.
    from consultations.operations import hold_place  # noqa: PLC0415
    from kernel import clock  # noqa: PLC0415
    from tests.factories import consultations as factories  # noqa: PLC0415
    from tests.factories.registry import GuardianshipFactory, PractitionerFactory  # noqa: PLC0415

    person, doctor, now = GuardianshipFactory(), PractitionerFactory(), clock.now()
    slots = [factories.slot(doctor, starts_at=now + timedelta(days=day)) for day in range(1, count + 1)]

    def take() -> None:
        try:
            for slot in slots:
                hold_place(slot_id=slot.pk, patient_id=person.patient.pk, by=person.user, at=now)
        finally:
            connection.close()

    return take


def _statements() -> int:
    """Statements that one hold sends."""
    take = _taker(1)
    with CaptureQueriesContext(connection) as captured:
        take()
    return len(captured)
