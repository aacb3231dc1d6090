"""Jobs go to the broker after commit, once, and wait out its absence."""

import json
import time
from base64 import b64decode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
import redis
import time_machine
from celery import Celery
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from hospital.celery import app
from kernel import clock, jobs
from kernel.models import OutboxJob
from kernel.tasks import relay_jobs

pytestmark = pytest.mark.django_db(transaction=True)
QUEUE = "celery"
NOBODY_LISTENS = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def broker() -> Iterator[redis.Redis]:
    """The real broker with an empty queue; nobody takes jobs from it here."""
    store = redis.Redis.from_url(settings.REDIS_URL)
    store.delete(QUEUE)
    yield store
    store.delete(QUEUE)


@pytest.fixture
def broker_away() -> Iterator[None]:
    """Jobs are sent where nobody listens."""
    away = Celery("away", set_as_current=False)
    away.config_from_object("django.conf:settings", namespace="CELERY")
    away.conf.update(broker_url=NOBODY_LISTENS)
    away.set_current()
    yield
    app.set_current()


def queued(broker: redis.Redis) -> list[tuple[str, dict[str, Any]]]:
    """Names and arguments of the jobs that the broker holds, oldest first."""
    messages = [json.loads(text) for text in reversed(broker.lrange(QUEUE, 0, -1))]
    return [(message["headers"]["task"], json.loads(b64decode(message["body"]))[1]) for message in messages]


def test_a_job_is_sent_after_commit_and_not_before(broker: redis.Redis) -> None:
    with transaction.atomic():
        jobs.enqueue("insurance.send_claim", claim_id=7)
        assert queued(broker) == []
    assert queued(broker) == [("insurance.send_claim", {"claim_id": 7})]
    assert not OutboxJob.objects.exists()


def test_an_outer_rollback_sends_nothing(broker: redis.Redis) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        with transaction.atomic():
            jobs.enqueue("insurance.send_claim", claim_id=7)
        raise RuntimeError
    jobs.relay()
    assert queued(broker) == []
    assert not OutboxJob.objects.exists()


@pytest.mark.usefixtures("broker_away")
def test_without_a_broker_the_request_goes_on_and_the_job_stays() -> None:
    before = clock.now()
    started = time.monotonic()
    with transaction.atomic():
        jobs.enqueue("insurance.send_claim", claim_id=7)
    job = OutboxJob.objects.get()
    assert job.attempts == 1
    assert job.due_at >= before + jobs.RETRY_PAUSE
    assert time.monotonic() - started < 2, "she waits for the page meanwhile"


@pytest.mark.usefixtures("broker_away")
def test_a_round_of_the_relay_ends_at_the_first_job_that_is_not_taken() -> None:
    due = clock.now()
    OutboxJob.objects.bulk_create(
        OutboxJob(task_name="insurance.send_claim", arguments={}, due_at=due) for _number in range(3)
    )
    assert jobs.relay() == 0
    assert list(OutboxJob.objects.order_by("pk").values_list("attempts", flat=True)) == [1, 0, 0]


def test_when_the_database_goes_after_the_commit_the_request_goes_on_and_the_job_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def gone(**_which: object) -> int:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(jobs, "relay", gone)
    with transaction.atomic():
        jobs.enqueue("insurance.send_claim", claim_id=7)
    assert OutboxJob.objects.count() == 1


def test_what_an_outage_left_behind_is_sent_later(broker: redis.Redis, broker_away: None) -> None:
    for claim_id in (1, 2):
        jobs.enqueue("insurance.send_claim", claim_id=claim_id)
    app.set_current()
    assert jobs.relay() == 0, "not before the pause is over"
    with time_machine.travel(clock.now() + jobs.RETRY_PAUSE * 2):
        relay_jobs()
    assert queued(broker) == [("insurance.send_claim", {"claim_id": number}) for number in (1, 2)]
    assert not OutboxJob.objects.exists()


def test_a_job_that_is_due_later_waits_for_its_time(broker: redis.Redis) -> None:
    later = clock.now() + timedelta(minutes=5)
    jobs.enqueue("insurance.send_claim", due_at=later, claim_id=7)
    assert jobs.relay() == 0
    with time_machine.travel(later + timedelta(seconds=1)):
        assert jobs.relay() == 1
    assert len(queued(broker)) == 1


def test_a_long_outage_is_sent_in_more_than_one_batch(
    broker: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 3)
    due = clock.now()
    OutboxJob.objects.bulk_create(
        OutboxJob(task_name="insurance.send_claim", arguments={"claim_id": number}, due_at=due)
        for number in range(7)
    )
    relay_jobs()
    assert [arguments["claim_id"] for _name, arguments in queued(broker)] == list(range(7))


def test_two_relays_at_once_send_a_job_once(broker: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    OutboxJob.objects.create(task_name="insurance.send_claim", arguments={"claim_id": 7}, due_at=clock.now())
    sending, may_go_on, send = Event(), Event(), jobs._sent

    def slowly(job: OutboxJob) -> bool:
        sending.set()
        assert may_go_on.wait(timeout=30)
        return send(job)

    def first_relay() -> int:
        try:
            return jobs.relay()
        finally:
            connection.close()

    monkeypatch.setattr(jobs, "_sent", slowly)
    with ThreadPoolExecutor(max_workers=1) as pool:
        first = pool.submit(first_relay)
        assert sending.wait(timeout=30)
        assert jobs.relay() == 0, "the other relay has it"
        may_go_on.set()
        assert first.result(timeout=30) == 1
    assert len(queued(broker)) == 1


def test_a_job_that_a_relay_has_is_not_handed_over_besides(broker: redis.Redis) -> None:
    job = OutboxJob.objects.create(task_name="insurance.send_claim", arguments={}, due_at=clock.now())

    def handed_over() -> int:
        try:
            return jobs.relay(only=job.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=1) as pool, transaction.atomic():
        OutboxJob.objects.select_for_update().get()
        assert pool.submit(handed_over).result(timeout=30) == 0, "nor does it wait"
    assert queued(broker) == []
    assert jobs.relay(only=job.pk) == 1
    assert len(queued(broker)) == 1


def test_handing_a_job_over_is_one_statement(broker: redis.Redis) -> None:
    with CaptureQueriesContext(connection) as captured:
        jobs.enqueue("insurance.send_claim", claim_id=7)
    told = [query["sql"] for query in captured.captured_queries if "kernel_outboxjob" in query["sql"]]
    assert len(told) == 2, "written, and taken"
    assert len(queued(broker)) == 1
