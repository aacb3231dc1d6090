"""``make bench``: how quickly the running product answers, on this machine, with demonstration data.

Figures of two machines do not compare; figures of two states of the program on one machine do.
"""

import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from launcher import services, stack
from tests import live_stack

REQUESTS = 300
ADDRESSES = ("/healthz", "/readyz", "/")
CLIENTS = (1, 8)


def main() -> int:
    with services.for_tests(stack.ROOT / "var"), tempfile.TemporaryDirectory() as home:
        live = live_stack.start(Path(home))
        try:
            print(f"{'address':<12}{'clients':>8}{'per second':>12}{'median ms':>11}{'95 % ms':>9}")
            for address in ADDRESSES:
                for clients in CLIENTS:
                    print(measure(f"{live.url}{address}", address, clients=clients), flush=True)
        finally:
            live.stop()
    return 0


def measure(url: str, address: str, *, clients: int) -> str:
    """Ask ``REQUESTS`` times, ``clients`` at once, and return one line of the table."""
    with httpx.Client(timeout=30, follow_redirects=True) as client, ThreadPoolExecutor(clients) as pool:

        def ask(_number: int) -> float:
            began = time.perf_counter()
            client.get(url).raise_for_status()
            return (time.perf_counter() - began) * 1000

        list(pool.map(ask, range(clients * 2)))  # connections and caches warm
        began = time.perf_counter()
        took = sorted(pool.map(ask, range(REQUESTS)))
        seconds = time.perf_counter() - began
    slow = took[int(REQUESTS * 0.95)]
    return f"{address:<12}{clients:>8}{REQUESTS / seconds:>12.0f}{statistics.median(took):>11.1f}{slow:>9.1f}"


if __name__ == "__main__":
    sys.exit(main())
