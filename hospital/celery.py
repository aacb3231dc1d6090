"""The job runner: where tasks are found, when the recurring ones run, and the worker's sign of life."""

import os
import time
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hospital.settings.production")

from celery import Celery, bootsteps
from celery.signals import task_prerun
from django.db import close_old_connections

WORKER_SEEN_KEY = "worker:seen"
WORKER_SEEN_EVERY = 2  # seconds
WORKER_SEEN_TTL = 8  # seconds; the worker counts as gone after this

app = Celery("hospital")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Static on purpose: what recurs is part of the program and is reviewed with it. Times in seconds or crontab().
app.conf.beat_schedule = {
    # Expires when the next one is due: after an outage one run is enough.
    name: {"task": name, "schedule": seconds, "options": {"expires": seconds}}
    for name, seconds in {
        "kernel.relay_jobs": 3.0,
        "registry.sweep_verifications": 60.0,
        "insurance.sweep": 5.0,
        "payments.sweep": 5.0,
        "consultations.release_lapsed_holds": 15.0,
        "consultations.close_missed": 60.0,
        "consultations.open_slots": 3600.0,
        "prescriptions.expire_due": 60.0,
        "prescriptions.enqueue_due": 15.0,
        "receipts.catch_up": 600.0,
        "reconciliation.run_due": 60.0,
        "finance.open_days": 600.0,
        "ledger.close_days": 3600.0,
    }.items()
}


@task_prerun.connect
def _drop_broken_connections(**_signal: Any) -> None:
    # Connections outlive the task; after a restart of the database the next task must not fail on a dead one.
    close_old_connections()


class SignOfLife(bootsteps.StartStopStep):
    """Write a key that expires, every few seconds, from the worker's own loop: /readyz reads it."""

    requires = ("celery.worker.components:Timer",)

    def start(self, worker: Any) -> None:
        self.timer = worker.timer.call_repeatedly(WORKER_SEEN_EVERY, _write_sign_of_life, (worker.app,))

    def stop(self, worker: Any) -> None:
        self.timer.cancel()


def _write_sign_of_life(celery_app: Celery) -> None:
    from hospital.health import broker  # noqa: PLC0415  # health imports the key from here

    broker().set(WORKER_SEEN_KEY, int(time.time()), ex=WORKER_SEEN_TTL)


app.steps["worker"].add(SignOfLife)
