"""Waiting until the product serves."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable

TIMEOUT = 60.0  # seconds


def wait_until_ready(url: str, *, between: Callable[[], bool], timeout: float = TIMEOUT) -> list[str]:
    """Ask /readyz until all parts answer; return the names of those that still do not.

    Args:
        between: called before each question; returns False to give up early.
        timeout: seconds.
    """
    deadline = time.monotonic() + timeout
    missing = ["web"]
    while missing and time.monotonic() < deadline and between():
        missing = missing_parts(url)
        if missing:
            time.sleep(0.1)
    return missing


def missing_parts(url: str) -> list[str]:
    """Return the names of the parts that do not answer now; empty when all do."""
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=5):
            return []
    except urllib.error.HTTPError as answer:
        if answer.code != 503:
            return ["web"]
        failing: list[str] = json.load(answer)["failing"]
        return failing
    except OSError:
        return ["web"]
