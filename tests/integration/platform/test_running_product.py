"""The running product as an operator meets it: which part answers, what happens when one dies."""

import time

import httpx
import pytest

from tests.live_stack import LiveStack

pytestmark = pytest.mark.xdist_group("journeys")


def _until(condition, *, seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


def _failing(live_stack: LiveStack) -> list[str]:
    return httpx.get(f"{live_stack.url}/readyz", timeout=10).json()["failing"]


def test_the_process_says_that_it_lives(live_stack: LiveStack) -> None:
    answer = httpx.get(f"{live_stack.url}/healthz")

    assert (answer.status_code, answer.text) == (200, "ok")


def test_ready_when_all_parts_answer(live_stack: LiveStack) -> None:
    answer = httpx.get(f"{live_stack.url}/readyz")

    assert answer.status_code == 200
    assert answer.json()["parts"] == {"database": True, "broker": True, "worker": True, "simulators": True}


def test_a_killed_worker_is_named_and_comes_back(live_stack: LiveStack) -> None:
    live_stack.kill_worker()
    assert _until(lambda: _failing(live_stack) == ["worker"])
    assert httpx.get(f"{live_stack.url}/readyz").status_code == 503

    live_stack.start_worker()
    assert _failing(live_stack) == []


def test_stopped_simulators_are_named_and_come_back(live_stack: LiveStack) -> None:
    live_stack.stop_simulators()
    assert _failing(live_stack) == ["simulators"]
    assert httpx.get(f"{live_stack.url}/healthz").status_code == 200

    live_stack.start_simulators()
    assert _failing(live_stack) == []


def test_pages_are_chinese_by_default_and_carry_a_strict_content_policy(live_stack: LiveStack) -> None:
    answer = httpx.get(f"{live_stack.url}/healthz", headers={"Accept-Language": "en"})

    assert answer.headers["content-language"] == "zh-hans"
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self';" in f"{policy};"
    assert "unsafe" not in policy
