"""``make bench-settlement``: claims settled a second through Celery, beside the same SQL replayed by pgbench.

The insurer answers at once (``benchmarks.instant_insurer``), so that what is measured is the product: bill, claim, six
messages, each committed before it is sent and after it is answered, and the settlement. ``--memory 10000`` settles so
many claims and watches what the worker holds.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import django

from launcher import databases, demo, ports, processes, services, stack
from launcher.supervisor import Process

LINES = 10
WORKERS = 2


def main() -> int:
    """Prepare, measure, print."""
    asked = _arguments()
    began = time.monotonic()
    print(f"{date.today()}, {os.cpu_count()} cores; load before: {os.getloadavg()[0]:.1f}", flush=True)  # noqa: DTZ011
    with (
        services.running(stack.ROOT / "var" / "bench", environ=os.environ),
        tempfile.TemporaryDirectory() as home,
    ):
        env = _prepared(Path(home))
        os.environ.update(env)
        django.setup()
        # Only now Django is set up.
        from benchmarks import settlement_rounds  # noqa: PLC0415

        with _insurer(int(env["INSURANCE_BASE_URL"].rpartition(":")[2])):
            for line in settlement_rounds.statements():
                print(line, flush=True)
            for line in settlement_rounds.replay(Path(home)):
                print(line, flush=True)
            with _workers(env, Path(home)) as workers:
                for line in settlement_rounds.rates(asked.claims, workers):
                    print(line, flush=True)
                for line in settlement_rounds.memory(asked.memory, workers) if asked.memory else ():
                    print(line, flush=True)
    print(f"\n{time.monotonic() - began:.0f} s")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=600, help="settled to find the rate")
    parser.add_argument("--memory", type=int, default=0, help="settled to watch the worker's memory")
    return parser.parse_args()


def _prepared(home: Path) -> dict[str, str]:
    """The environment of the product with a database of its own, and the instant insurer as its insurer."""
    base = os.environ["DATABASE_URL"]
    given = {
        "DATABASE_URL": databases.named(base, "xinglin_bench_settlement"),
        "SIMULATORS_DATABASE_URL": databases.named(base, "xinglin_bench_simulators"),
        "REDIS_URL": os.environ["REDIS_URL"].rpartition("/")[0] + "/61",
        "DJANGO_SETTINGS_MODULE": "hospital.settings.demo",
        "INSURANCE_BASE_URL": f"http://{ports.LOOPBACK}:{ports.any_free()}",
    }
    for name in ("DATABASE_URL", "SIMULATORS_DATABASE_URL"):
        databases.recreate(given[name])
    os.environ.update(given)
    return demo.prepare(home, host=ports.LOOPBACK, web_port=1, simulators_port=2, given=given)


@contextmanager
def _insurer(port: int) -> Iterator[None]:
    """The instant insurer, answering."""
    child = processes.start([sys.executable, "-m", "benchmarks.instant_insurer", str(port)], cwd=stack.ROOT)
    try:
        deadline = time.monotonic() + 10
        while ports.is_free(port):
            if time.monotonic() > deadline:
                raise RuntimeError("the instant insurer did not start")
            time.sleep(0.05)
        yield
    finally:
        processes.kill_group(child)


@contextmanager
def _workers(env: dict[str, str], home: Path) -> Iterator[list[Process]]:
    """Workers as the product runs them, one for each core."""
    command = next(
        process.command
        for process in stack.processes(env, host=ports.LOOPBACK, web_port=1, log_dir=home)
        if process.name == "worker"
    )
    workers = [
        Process(f"worker {n}", [*command, "-n", f"bench{n}"], env, home / f"worker{n}.log", stack.ROOT)
        for n in range(WORKERS)
    ]
    for worker in workers:
        worker.start()
    try:
        yield workers
    finally:
        for worker in workers:
            worker.kill()


if __name__ == "__main__":
    sys.exit(main())
