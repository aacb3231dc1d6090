"""``make bench-reconciliation``: a day of 1,000,000 settlements, beside a bare COPY and a bare join of the same rows.

Both sides run in one process and one database that writes through to the disk, in turns, so that the machine's mood
takes part on both. What is measured is the product's own comparison with its differences and entries; transactions are
taken back, so that every round finds the tables of the other.
"""

import io
import os
import resource
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from datetime import date
from typing import IO, Any

import django
from django.core.management import call_command

from launcher import databases, services, stack

ROUNDS = 3
DAY = date(2026, 11, 20)


def main() -> int:
    """Prepare a database of its own, and measure."""
    began = time.monotonic()
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print(f"{date.today()}, {os.cpu_count()} cores; load before: {os.getloadavg()[0]:.1f}", flush=True)  # noqa: DTZ011
    with services.running(stack.ROOT / "var" / "bench", environ=os.environ):
        os.environ["DATABASE_URL"] = databases.named(
            os.environ["DATABASE_URL"], "xinglin_bench_reconciliation"
        )
        os.environ["DJANGO_SETTINGS_MODULE"] = "hospital.settings.test"
        databases.recreate(os.environ["DATABASE_URL"])
        django.setup()
        call_command("migrate", verbosity=0)
        _measure(rows)
    print(f"\n{time.monotonic() - began:.0f} s, load after: {os.getloadavg()[0]:.1f}")
    return 0


def _measure(rows: int) -> None:
    # Only now Django is set up.
    from benchmarks import reconciliation_rows as made  # noqa: PLC0415

    print(
        f"{rows:,} settlements, bills and payments; made in {_seconds(lambda: made.make(rows)):.0f} s",
        flush=True,
    )
    with tempfile.TemporaryFile() as result, tempfile.TemporaryFile() as bill:
        _zip(result, made.result_rows(rows))
        bill.writelines(line.encode() for line in made.bill_rows(rows))
        before = _megabytes()
        _say("insurer: sums by group (3201)", [_sums()])
        _say("insurer: our rows as a file (9101)", [_our_file()])
        insurer = [(_copy_and_join(result), _insurer(result)) for _round in range(ROUNDS)]
        bare = _say("bare COPY of their rows and bare join", [pair[0] for pair in insurer])
        _say("insurer: read, load, compare, keep", [pair[1] for pair in insurer], bare)
        _say("channel: read, load, compare, keep", [_channel(bill) for _round in range(ROUNDS)], bare)
        _say("bills and money: compare, keep", [_books() for _round in range(ROUNDS)], bare)
        print(f"{'memory at most, and before':<44}{_megabytes():>7.0f} MB {before:>7.0f} MB")


def _say(what: str, times: list[float], bare: float = 0) -> float:
    median = statistics.median(times)
    ratio = f"{median / bare:>7.1f}×" if bare else ""
    print(f"{what:<44}{median:>8.1f} s{ratio}", flush=True)
    return median


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _zip(into: IO[bytes], lines: Any) -> None:
    with (
        zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("rows.txt", "w", force_zip64=True) as part,
    ):
        for line in lines:
            part.write(line.encode())


def _taken_back(work: Callable[[Any], None]) -> float:
    from django.db import connection, transaction  # noqa: PLC0415

    with transaction.atomic(), connection.cursor() as cursor:
        began = time.perf_counter()
        work(cursor)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        spent = time.perf_counter() - began
        transaction.set_rollback(True)
    return spent


def _comparison(source: str) -> tuple[Any, Any]:
    from django.utils import timezone  # noqa: PLC0415

    from reconciliation.models import Comparison, ComparisonRun  # noqa: PLC0415

    whose = 1 if source == "insurer" else None
    comparison = Comparison.objects.create(day=DAY, source=source, institution_id=whose)
    return comparison, ComparisonRun.objects.create(comparison=comparison, began_at=timezone.now())


def _compared(source: str, fill: Callable[[Any], None]) -> float:
    """A side's comparison and what is kept of it; ``fill`` gives the side what it would have fetched."""
    from django.utils import timezone  # noqa: PLC0415

    from reconciliation.operations.comparing.keeping import keep  # noqa: PLC0415
    from reconciliation.operations.comparing.loading import prepare  # noqa: PLC0415
    from reconciliation.operations.sides import SIDES  # noqa: PLC0415
    from reconciliation.rules.kinds import Source  # noqa: PLC0415

    def work(cursor: Any) -> None:
        comparison, run = _comparison(source)
        with SIDES[Source(source)](comparison) as side:
            fill(side)
            prepare(cursor)
            side.compare(cursor, timezone.now())
        kept = keep(cursor, comparison, run, timezone.now())
        assert source == "books" or kept.seen, "differences were made and must be found"  # noqa: S101

    return _taken_back(work)


def _sums() -> float:
    from reconciliation.operations.sides.insurer import InsurerSide  # noqa: PLC0415

    def work(_cursor: Any) -> None:
        InsurerSide(_comparison("insurer")[0])._sums()  # noqa: SLF001

    return _taken_back(work)


def _our_file() -> float:
    from reconciliation.operations.sides import insurer_files  # noqa: PLC0415
    from reconciliation.operations.sides.insurer import InsurerSide  # noqa: PLC0415
    from reconciliation.rules.groups import GroupKey  # noqa: PLC0415

    def work(_cursor: Any) -> None:
        side = InsurerSide(_comparison("insurer")[0])
        key = GroupKey("310", "11", "330100")
        print(f"  (its size: {len(insurer_files.packed(side._values, key, 'rows.txt')) / 1e6:.1f} MB)")  # noqa: SLF001

    return _taken_back(work)


def _insurer(result: IO[bytes]) -> float:
    from insurance.gateway import messages as m  # noqa: PLC0415
    from reconciliation.operations.sides.insurer import Answered  # noqa: PLC0415

    def fill(side: Any) -> None:
        result.seek(0)
        differs = m.TotalStatement(clearing_agency="330100", result="1")
        side._answered = [Answered(sums, differs) for sums in side._sums()]  # noqa: SLF001
        side._files = [result.read()]  # noqa: SLF001

    return _compared("insurer", fill)


def _channel(bill: IO[bytes]) -> float:
    def fill(side: Any) -> None:
        bill.seek(0)
        for piece in iter(lambda: bill.read(1 << 20), b""):
            side._bill.write(piece)  # noqa: SLF001

    return _compared("channel", fill)


def _books() -> float:
    return _compared("books", lambda _side: None)


def _copy_and_join(result: IO[bytes]) -> float:
    """The least that could be done: the unpacked rows as they are, into a bare table, joined by number and counted."""
    result.seek(0)
    text = io.BytesIO()
    with zipfile.ZipFile(result) as archive, archive.open("rows.txt") as part:
        text.write(part.read())

    def work(cursor: Any) -> None:
        cursor.execute(
            "CREATE TEMPORARY TABLE bare (psn text, visit text, key text, msgid text, rslt text, flag text, memo text,"
            " total numeric(14,2), fund numeric(14,2), account numeric(14,2)) ON COMMIT DROP"
        )
        text.seek(0)
        cursor.copy_expert("COPY bare FROM STDIN", text)
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(
            "SELECT count(*) FROM insurance_settlement o FULL JOIN bare t ON t.key = o.number"
            " WHERE o.id IS NULL OR t.key IS NULL OR t.total <> o.total_amount"
        )

    return _taken_back(work)


if __name__ == "__main__":
    sys.exit(main())
