"""How the insurer is told to misbehave: every fault it knows, each with the same probability."""

import time

import httpx

from tests.live_stack import LiveStack

SILENCE_SECONDS = 1.0
"""Longer than the product waits."""


def insurer_misbehaves(live: LiveStack, *, probability: float, seed: int) -> None:
    """Switch on every kind of fault for every transaction."""
    order = {
        "infno": "*", "kind": "*", "percent": probability * 100, "delay_seconds": SILENCE_SECONDS, "seed": seed,
    }  # fmt: skip
    answer = httpx.post(f"{live.simulators_url}/insurer/control/fault_rates/", json=order, timeout=30)
    if not answer.is_success:
        raise RuntimeError(answer.text)


def behave(live: LiveStack) -> None:
    """Take every fault away; the simulators may have lost their database in this very moment.

    Raises:
        RuntimeError: they do not come back.
    """
    for _attempt in range(30):
        try:
            url = f"{live.simulators_url}/insurer/control/clear_faults/"
            if httpx.post(url, json={}, timeout=30).is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(1)
    raise RuntimeError("the simulators do not answer")
