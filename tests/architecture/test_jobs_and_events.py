"""Jobs are named by words, and events by classes: every name must lead somewhere."""

import ast
from dataclasses import is_dataclass
from importlib import import_module
from importlib.util import find_spec

import pytest
from django.conf import settings

from hospital.celery import app
from kernel import events
from tests.architecture import programs
from tests.architecture.programs import ROOT

# One worker parses the programs for all.
pytestmark = pytest.mark.xdist_group("programs")


def _events() -> list[type]:
    modules = [
        import_module(f"{name}.events") for name in settings.OWN_APPS[1:] if find_spec(f"{name}.events")
    ]
    return [
        value
        for module in modules
        for value in vars(module).values()
        if is_dataclass(value) and isinstance(value, type) and value.__module__ == module.__name__
    ]


EVENTS = _events()


@pytest.fixture(autouse=True)
def _tasks_are_found() -> None:
    app.loader.import_default_modules()


def test_every_job_that_is_enqueued_by_name_is_a_task() -> None:
    named = {
        call.args[0].value: f"{path.relative_to(ROOT)}:{call.lineno}"
        for path, call in programs.calls("enqueue")
        if call.args and isinstance(call.args[0], ast.Constant)
    }
    assert named
    assert {name: where for name, where in named.items() if name not in app.tasks} == {}


def test_every_name_that_looks_like_a_job_of_ours_in_a_program_is_a_task() -> None:
    # Names handed on by a variable, such as the sweeper's table of questions.
    own = {name for name in app.tasks if name.split(".")[0] in settings.OWN_APPS}
    tables = {
        node.value
        for path, tree in programs.modules()
        if "operations" in path.parts or path.stem == "operations"
        for table in ast.walk(tree)
        if isinstance(table, ast.Dict)
        for node in table.values
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and any(node.value.startswith(f"{task.split('.')[0]}.") for task in own)
    }
    assert tables - own == set()


def test_every_task_is_called_by_somebody() -> None:
    texts = {text for _path, text in programs.words()}
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    shells = {name for name in app.tasks if name.split(".")[0] in settings.OWN_APPS}
    # The name in the decorator is one use; who calls it is another.
    uses = {text for path, text in programs.words() if path.stem != "tasks"}
    assert texts >= shells
    assert shells - scheduled - uses == set()


def test_a_task_is_named_after_its_app() -> None:
    for name, task in app.tasks.items():
        if not name.startswith("celery."):
            assert name.split(".")[0] == task.__module__.split(".")[0], name


def test_there_are_three_dozen_events_at_most() -> None:
    # Each way money moves is news of its own, because the books post it: a dozen and a half besides what visits,
    # prices and claims tell. Beyond that an event is likelier a call in disguise.
    assert 8 <= len(EVENTS) <= 36


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_an_event_has_a_publisher_in_its_own_app_and_a_subscriber_above(event: type) -> None:
    publishers = {
        path.relative_to(ROOT).parts[0]
        for path, call in programs.calls("publish")
        if call.args
        and isinstance(call.args[0], ast.Call)
        and isinstance(call.args[0].func, ast.Name | ast.Attribute)
        and programs.last_name(call.args[0].func) == event.__name__
    }
    home = event.__module__.split(".")[0]
    heights = {name: height for height, name in enumerate(settings.OWN_APPS)}
    assert publishers == {home}
    listeners = {handler.__module__.split(".")[0] for handler in events.subscribers_of(event)}
    assert listeners
    assert all(heights[name] > heights[home] for name in listeners)


def test_an_event_names_records_and_carries_no_rows() -> None:
    for event in EVENTS:
        fields = event.__dataclass_fields__.values()  # type: ignore[attr-defined]
        assert [field.name for field in fields if not field.name.endswith("_id")] == [], event.__name__
