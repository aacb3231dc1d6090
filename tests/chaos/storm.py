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
_LONGEST_BLOW = 120.0
"""Seconds until what was struck is there again."""


@contextmanager
def raging(engines: Engines, live: LiveStack, dice: Random) -> Iterator[Counter[str]]:
    """Strike again and again until the block ends; yields how often each was struck."""
    happened: Counter[str] = Counter()
    over, calm = threading.Event(), threading.Event()
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
        calm.set()
        # The kernel ends what a thread has started when the thread ends, so this one stays.
        threading.Event().wait()

    threading.Thread(target=strike, name="storm", daemon=True).start()
    try:
        yield happened
    finally:
        over.set()
        if not calm.wait(_LONGEST_BLOW):
            raise RuntimeError("a blow of the storm did not come to its end")


def _kill_worker(live: LiveStack) -> None:
    """SIGKILL in the middle of whatever it does; somebody starts it again."""
    live.kill_worker()
    time.sleep(0.5)
    live.processes["worker"].start()
