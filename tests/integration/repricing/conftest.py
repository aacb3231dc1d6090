"""Items with prices, and the people of the offices."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from accounts.models import User
from hospital.celery import app
from kernel import jobs
from kernel.models import OutboxJob
from pricing.models import Price, PriceItem
from tests.factories.pricing import PriceFactory, PriceItemFactory
from tests.factories.repricing import finance
from tests.integration.repricing.at_the_desk import client_of

FROM_2026 = DateRange(date(2026, 1, 1), None)


@pytest.fixture
def officer(db: None) -> User:
    """Who drafts."""
    return finance()


@pytest.fixture
def colleague(db: None) -> User:
    """Who reviews."""
    return finance()


@pytest.fixture
def fee(db: None) -> PriceItem:
    """An item of 10.00 yuan since 2026."""
    return price_of("10.00").item


def price_of(amount: str | None, **fields: object) -> Price:
    """An item with one price."""
    made: Price = PriceFactory(
        item=fields.pop("item", None) or PriceItemFactory(),
        amount=None if amount is None else Decimal(amount),
        **fields,
    )
    return made


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Run every job that is due, and those they enqueue, here instead of in a worker."""
    sent: list[OutboxJob] = []

    def take(job: OutboxJob) -> bool:
        sent.append(job)
        return True

    app.loader.import_default_modules()

    def run() -> None:
        jobs.relay()
        while sent:
            job = sent.pop(0)
            if job.task_name.startswith("repricing."):
                app.tasks[job.task_name](**job.arguments)
            jobs.relay()

    monkeypatch.setattr(jobs, "_sent", take)
    return run


@pytest.fixture
def desk(officer: User) -> Client:
    """Somebody of the money office, in English."""
    return client_of(officer)
