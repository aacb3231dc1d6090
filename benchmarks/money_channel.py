"""A channel's day of :mod:`benchmarks.money`: as ``make bench-reconciliation`` measures it, the channel alone."""

import tempfile
from collections.abc import Callable

from benchmarks import reconciliation, reconciliation_rows

Say = Callable[..., float]
ROUNDS = 3


def day(say: Say, rows: int) -> None:
    """Read, load, compare and keep a bill of so many rows, beside reading the same rows into a bare table."""
    reconciliation_rows.make(rows)
    with tempfile.TemporaryFile() as result, tempfile.TemporaryFile() as bill:
        reconciliation._zip(result, reconciliation_rows.result_rows(rows))  # noqa: SLF001
        bill.writelines(line.encode() for line in reconciliation_rows.bill_rows(rows))
        print(f"{'memory before it':<52}{reconciliation._megabytes():>8.0f} MB")  # noqa: SLF001
        bare = [reconciliation._copy_and_join(result) for _round in range(ROUNDS)]  # noqa: SLF001
        ceiling = say("bare COPY of as many rows and bare join", bare, unit="s")
        times = [reconciliation._channel(bill) for _round in range(ROUNDS)]  # noqa: SLF001
        say(f"channel's day of {rows:,} rows: read, compare, keep", times, ceiling, unit="s")
