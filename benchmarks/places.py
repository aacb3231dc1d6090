"""Taking a place beside the barest transaction: one INSERT and one COMMIT on the same database."""

import statistics
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
SECONDS = 1.5  # of one round
ROUNDS = 3
MOST_HOLDS = 150  # of one client in one round
Work = Callable[[float], int]
"""Does one thing again and again until a moment of ``time.perf_counter``; returns how often."""


def compare(live: LiveStack) -> None:
    """Print both rates and their ratio; the product's processes have been stopped."""
    own = _connection(live)
    with own.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS benchmark_row (id bigserial PRIMARY KEY, number int)")
    own.close()
    statements = _statements()
    print(
        f"\n{'clients':<9}{'holds/s':>9}{'INSERT+COMMIT/s':>17}{'ratio':>8}   ({statements} statements a hold)"
    )
    for clients in CLIENTS:
        rounds = [
            (_rate(lambda: _inserter(live), clients), _rate(_taker, clients)) for _round in range(ROUNDS)
        ]
        bare, holds = (statistics.median(rates) for rates in zip(*rounds, strict=True))
        print(f"{clients:<9}{holds:>9.0f}{bare:>17.0f}{bare / holds:>8.1f}", flush=True)


def _rate(make: Callable[[], Work], clients: int) -> float:
    """How often a second ``clients`` at once do something."""
    works = [make() for _client in range(clients)]
    with ThreadPoolExecutor(clients) as pool:
        began = time.perf_counter()
        done = [pool.submit(work, began + SECONDS) for work in works]
        return sum(one.result() for one in done) / (time.perf_counter() - began)


def _inserter(live: LiveStack) -> Work:
    """Rows, each committed by itself."""

    def insert(until: float) -> int:
        own, count = _connection(live), 0
        with own.cursor() as cursor:
            while time.perf_counter() < until:
                cursor.execute("INSERT INTO benchmark_row (number) VALUES (%s)", [count])
                count += 1
        own.close()
        return count

    return insert


def _connection(live: LiveStack) -> Any:
    """A connection that commits each statement by itself."""
    own = psycopg2.connect(live.env["DATABASE_URL"])
    own.autocommit = True
    return own


def _taker(most: int = MOST_HOLDS) -> Work:
    """A patient who takes places, a day apart, with a doctor of her own."""
    # Only now Django is set up.
    from consultations.operations import hold_place  # noqa: PLC0415
    from kernel import clock  # noqa: PLC0415
    from tests.factories import consultations as factories  # noqa: PLC0415
    from tests.factories.registry import GuardianshipFactory, PractitionerFactory  # noqa: PLC0415

    person, doctor, now = GuardianshipFactory(), PractitionerFactory(), clock.now()
    slots = [factories.slot(doctor, starts_at=now + timedelta(days=day)) for day in range(1, most + 1)]

    def take(until: float) -> int:
        count = 0
        try:
            for slot in slots:
                if time.perf_counter() >= until:
                    break
                hold_place(slot_id=slot.pk, patient_id=person.patient.pk, by=person.user, at=now)
                count += 1
        finally:
            connection.close()
        return count

    return take


def _statements() -> int:
    """Statements that one hold sends."""
    take = _taker(1)
    with CaptureQueriesContext(connection) as captured:
        take(time.perf_counter() + 10)
    return len(captured)
