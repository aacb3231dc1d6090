"""The clock may only call jobs that exist."""

from hospital.celery import app


def test_every_recurring_job_is_a_task() -> None:
    app.loader.import_default_modules()

    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}

    assert scheduled
    assert scheduled - set(app.tasks) == set()


def test_a_recurring_job_does_not_pile_up_while_no_worker_runs() -> None:
    for entry in app.conf.beat_schedule.values():
        assert entry["options"]["expires"] <= entry["schedule"]
