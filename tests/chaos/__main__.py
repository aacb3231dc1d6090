"""``make chaos``: settle bills while the insurer misbehaves in every way and worker, broker and database die.

Nothing here knows how the product does it: patients pay and take back through the product's own operations, and at the
end the tables of the hospital are laid beside those of the insurer and of the channel.
"""

import argparse
import os
import random
import sys
import time
from datetime import date

import django

from launcher import stack
from tests.chaos.engines import Engines

STORM_LASTS = 0.8
"""Of the bills are at rest when the storm ends."""
CALM_LASTS = 300.0
"""Seconds in which the rest must find out what became of it."""


def main() -> int:
    """Prepare, let the storm rage, wait for calm, count. 0 when every count is as it must be."""
    asked = _arguments()
    began = time.monotonic()
    seed = asked.seed or random.randrange(1_000_000)
    print(f"{date.today()}, {os.cpu_count()} cores, {asked.claims} bills, seed {seed}", flush=True)  # noqa: DTZ011
    with Engines(stack.ROOT / "var" / "chaos") as engines:
        live = engines.start_product()
        os.environ.update(live.env)
        django.setup()
        # Only now Django is set up.
        from tests.chaos import counting, storm, weather
        from tests.chaos.people import People

        dice = random.Random(seed)
        weather.insurer_misbehaves(live, probability=asked.rate, seed=seed)
        people = People(live, dice, bills=asked.claims)
        with storm.raging(engines, live, dice) as happened:
            comes_to_rest = people.live_through(STORM_LASTS, patience=60 + asked.claims * asked.patience)
        print("  calm", flush=True)
        weather.behave(live)
        comes_to_rest &= people.live_through(1.0, patience=CALM_LASTS)
        table = counting.count(live, people, happened)
        for line in table.lines():
            print(line, flush=True)
    print(f"\n{time.monotonic() - began:.0f} s, seed {seed}")
    return 0 if table.is_right and comes_to_rest else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=500, help="bills to be settled")
    parser.add_argument("--rate", type=float, default=0.10, help="probability of each fault")
    parser.add_argument("--patience", type=float, default=10, help="seconds a bill may take")
    parser.add_argument(
        "--seed", type=int, default=0, help="repeats the order of events, as far as clocks let it"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
