"""What dies, and when."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random

from tests.chaos.engines import Engines
from tests.live_stack import LiveStack

SHORTEST, LONGEST = 8.0, 20.0
"""Seconds between two blows."""


@contextmanager
def raging(engines: Engines, live: LiveStack, dice: Random) -> Iterator[Counter[str]]:
    """Strike again and again until the block ends; yields how often each was struck."""
    happened: Counter[str] = Counter()
    over = threading.Event()
    blows: dict[str, Callable[[], None]] = {
        "worker killed": lambda: _kill_worker(live),
        "broker killed": engines.end_broker,
        "database crashed": engines.end_database,
    }

    def strike() -> None:
        while not over.wait(dice.uniform(SHORTEST, LONGEST)):
            name = dice.choice(list(blows))
            blows[name]()
            live.restart_what_ended()
            happened[name] += 1

    thread = threading.Thread(target=strike, name="storm")
    thread.start()
    try:
        yield happened
    finally:
        over.set()
        thread.join()


def _kill_worker(live: LiveStack) -> None:
    """SIGKILL in the middle of whatever it does; somebody starts it again."""
    live.kill_worker()
    time.sleep(0.5)
    live.processes["worker"].start()
