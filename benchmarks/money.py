"""``make bench-money``: posting a bill, the trial balance of 10,000,000 entries, a channel's day of 1,000,000 rows.

Each beside what the same database can do at best: bare inserts of the same rows, the sum over all entries, a bare COPY
and join. Everything runs in one process and one database that writes through to the disk.
"""

import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date

import django
from django.core.management import call_command

from launcher import databases, services, stack

ROUNDS = 5
ENTRIES = 10_000_000
ROWS = 1_000_000


def main() -> int:
    """Prepare a database of its own, and measure; the first argument is the number of entries, the second of rows."""
    began = time.monotonic()
    asked = [int(text) for text in sys.argv[1:3]]
    entries, rows = [*asked, *(ENTRIES, ROWS)[len(asked) :]]
    print(f"{date.today()}, {os.cpu_count()} cores; load before: {os.getloadavg()[0]:.1f}", flush=True)  # noqa: DTZ011
    with services.running(stack.ROOT / "var" / "bench", environ=os.environ):
        os.environ["DATABASE_URL"] = databases.named(os.environ["DATABASE_URL"], "xinglin_bench_money")
        os.environ["DJANGO_SETTINGS_MODULE"] = "hospital.settings.test"
        databases.recreate(os.environ["DATABASE_URL"])
        django.setup()
        call_command("migrate", verbosity=0)
        _measure(entries, rows)
    print(f"\n{time.monotonic() - began:.0f} s, load after: {os.getloadavg()[0]:.1f}")
    return 0


def _measure(entries: int, rows: int) -> None:
    # Only now Django is set up.
    from benchmarks import money_books, money_channel  # noqa: PLC0415

    money_books.institution()
    money_books.statements(say)
    money_books.rate(say)
    if entries:
        money_books.balances(say, entries)
    if rows:
        money_channel.day(say, rows)
    print(f"{'memory at most':<52}{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:>8.0f} MB")


def say(what: str, times: list[float], ceiling: float = 0, unit: str = "ms") -> float:
    """Print the median of times (seconds), how far they go apart, and the ratio to a ceiling; returns the median."""
    scale = 1000 if unit == "ms" else 1
    median = statistics.median(times)
    ratio = f"{median / ceiling:>8.2f}×" if ceiling else ""
    spread = f"{min(times) * scale:.1f} to {max(times) * scale:.1f}"
    print(f"{what:<52}{median * scale:>8.1f} {unit} ({spread}){ratio}", flush=True)
    return median


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
