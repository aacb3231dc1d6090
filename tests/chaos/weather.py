"""How the insurer is told to misbehave: every fault it knows, each with the same probability."""

import httpx

from tests.live_stack import LiveStack

SILENCE_SECONDS = 1.0
"""Longer than the product waits."""


def insurer_misbehaves(live: LiveStack, *, probability: float) -> None:
    """Switch on every kind of fault for every transaction."""
    url = f"{live.simulators_url}/insurer/control/"
    kinds = list(httpx.get(url, timeout=30).json()["kinds"])
    for kind in kinds:
        order = {"infno": "*", "kind": kind, "probability": probability, "delay_seconds": SILENCE_SECONDS}
        answer = httpx.post(f"{url}rates/", json=order, timeout=30)
        if not answer.is_success:
            raise RuntimeError(f"{kind}: {answer.text}")


def behave(live: LiveStack) -> None:
    """Take every fault away."""
    httpx.post(f"{live.simulators_url}/insurer/control/clear_faults/", json={}, timeout=30).raise_for_status()
