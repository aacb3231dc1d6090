"""The rounds of ``make bench-settlement``; Django is set up before this module is read."""

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache, partial
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks import processor
from billing.models import Bill, BillPurpose
from billing.operations import open_bill
from encounters.models import DiagnosisCode, Encounter
from insurance.models import Claim
from insurance.operations import open_claim, submit_claim
from insurance.operations.presettling import presettle_claim
from insurance.operations.settling import settle_claim
from insurance.states import ClaimState
from kernel import clock
from launcher import binaries, databases
from launcher.supervisor import Process
from pricing.queries import quote_for
from pricing.rules import ServiceLine
from registry.models import Practitioner
from tests.factories.encounters import EncounterFactory
from tests.factories.pricing import PriceFactory
from tests.factories.registry import CoverageFactory, PatientFactory, PractitionerFactory, id_number

MOST_STATEMENTS = 30
JOURNAL = ("insurance_gatewaymessage", "insurance_message_serial")
"""Tables of what is said to the insurer: written before each message and after it."""
GOAL = 25
"""Claims a second, on two cores with an instant insurer."""
PATIENCE = 600.0
"""Seconds for one round."""
PEOPLE = 8
"""Who open and confirm claims at the same time."""
LOOKED = 0.1
"""Seconds after which the states of the claims are looked at again."""
LINES = 10
REPLAYED = 40
"""Claims whose statements pgbench repeats."""
_made = iter(range(1, 10_000_000))


def statements() -> Iterator[str]:
    """How many statements one insured order takes, from pricing to the recorded settlement."""
    yield ""
    _settled_here(_order(1))  # the day's sign number, the accounts of the books, what a process remembers
    for lines in (10, 100):
        told = [sql for sql in _captured(partial(_settled_here, _order(lines))) if not _is_frame(sql)]
        journal = sum(any(table in sql for table in JOURNAL) for sql in told)
        yield (
            f"statements from pricing to the settlement of {lines} lines: {len(told)}, of them {journal} for the"
            f" journal of messages (goal {MOST_STATEMENTS} for pricing, splitting and submitting)"
        )


def replay(home: Path) -> Iterator[str]:
    """Claims a second when one connection does the statements of the product, as logged, and nothing else.

    They are done again in a copy of the database that was taken before, so that every row and number fits.
    """
    orders = [_order(LINES) for _claim in range(REPLAYED)]
    url = os.environ["DATABASE_URL"]
    copy = databases.named(url, "xinglin_bench_copy")
    connection.close()
    databases.drop(copy)
    databases.copy(url, to=copy)
    script = home / "replay.sql"
    with script.open("w") as text:
        for order in orders:
            text.writelines(f"{sql.rstrip(';')};\n" for sql in _captured(partial(_settled_here, order)))
    seconds = _pgbench(script, copy)
    databases.drop(copy)
    yield f"the same statements by pgbench, one connection: {REPLAYED / seconds:.0f} claims/s"


def rates(claims: int, workers: list[Process]) -> Iterator[str]:
    """Claims a second through Celery, in three rounds, and what they take of the processor: that does not wait."""
    _round(20)  # connections, imports
    rounds = [_round(claims // 3, workers) for _round_number in range(3)]
    found = [one.rate for one in rounds]
    every = ", ".join(f"{rate:.1f}" for rate in found)
    yield f"through Celery, {len(workers)} workers: {statistics.median(found):.1f} claims/s ({every}; goal {GOAL})"
    costs = {part: statistics.median(one.costs[part] for one in rounds) for part in rounds[0].costs}
    parts = ", ".join(f"{part} {cost:.0f}" for part, cost in costs.items())
    yield f"processor, ms a claim: {sum(costs.values()):.0f} ({parts})"


def memory(claims: int, workers: list[Process]) -> Iterator[str]:
    """What the workers hold while they settle so many."""
    before = _held(workers)
    for tenth in range(10):
        _round(claims // 10)
        if tenth == 0:
            before = _held(workers)
    after = _held(workers)
    yield f"memory of the workers: {before:.0f} MB after {claims // 10} claims, {after:.0f} MB after {claims}"


@dataclass(frozen=True)
class Round:
    """What a round took: claims a second, and milliseconds of the processor a claim, by part."""

    rate: float
    costs: dict[str, float]


def _round(claims: int, workers: Sequence[Process] = ()) -> Round:
    """Settle so many. Claims are opened and confirmed here, by so many people at once."""
    bills = [_bill(_order(LINES)) for _number in range(claims)]
    began, spent = time.monotonic(), _spent(workers)
    opened = set(_people().map(_opened, bills))
    _submit_all(opened, until=began + PATIENCE)
    _wait(opened, ClaimState.SETTLED, until=began + PATIENCE)
    seconds = time.monotonic() - began
    costs = {part: 1000 * (now - spent[part]) / claims for part, now in _spent(workers).items()}
    return Round(claims / seconds, costs)


def _spent(workers: Sequence[Process]) -> dict[str, float]:
    """Seconds of the processor so far."""
    return {
        "workers": sum(processor.seconds_of(one.child.pid) for one in workers if one.child),
        "database": processor.seconds_of(processor.database_pid()),
        "who opens and confirms": time.process_time(),
    }


@cache
def _people() -> ThreadPoolExecutor:
    """As many at once as a web process serves."""
    return ThreadPoolExecutor(PEOPLE)


def _opened(bill: Bill) -> int:
    claim: Claim = open_claim(bill_id=bill.pk, by=None, at=clock.now())
    return claim.pk


def _submitted(claim_id: int) -> int:
    submit_claim(claim_id=claim_id, by=None, at=clock.now())
    return claim_id


def _submit_all(opened: set[int], *, until: float) -> None:
    """Confirm each claim as soon as its parts are known."""
    waiting = set(opened)
    while waiting:
        _give_up_after(until)
        ready = Claim.objects.filter(pk__in=waiting, state=ClaimState.PRESETTLED).values_list("pk", flat=True)
        waiting -= set(_people().map(_submitted, list(ready)))
        time.sleep(LOOKED)


def _wait(opened: set[int], state: ClaimState, *, until: float) -> None:
    while Claim.objects.filter(pk__in=opened, state=state).count() < len(opened):
        _give_up_after(until)
        time.sleep(LOOKED)


def _give_up_after(moment: float) -> None:
    if time.monotonic() > moment:
        states = list(Claim.objects.values_list("state", "refusal").distinct())
        raise RuntimeError(f"claims do not come to their end: {states}")


def _encounter() -> Encounter:
    """A visit of an insured patient of her own."""
    number = next(_made)
    patient = PatientFactory(
        id_number=id_number(number, clock.day_of(clock.now()) - timedelta(days=20_000 + number))
    )
    return EncounterFactory(
        number=f"BENCH{number:08d}", patient=patient, coverage=CoverageFactory(patient=patient),
        practitioner=_doctor(), known_disease=DiagnosisCode.objects.first(), opened_at=clock.now(),
    )  # fmt: skip


def _order(lines: int) -> tuple[Encounter, list[ServiceLine]]:
    codes = _items(100)[:lines]
    return _encounter(), [ServiceLine(str(n), code, Decimal(1)) for n, code in enumerate(codes, start=1)]


def _bill(order: tuple[Encounter, list[ServiceLine]]) -> Bill:
    encounter, asked = order
    quote = quote_for(lines=asked, institution=encounter.institution, service_on=encounter.service_on)
    return open_bill(
        encounter_id=encounter.pk, purpose=BillPurpose.CONSULTATION, quote=quote, by=None, at=clock.now()
    )


def _settled_here(order: tuple[Encounter, list[ServiceLine]]) -> None:
    """The whole way in this process, the jobs called where a worker would call them."""
    claim = open_claim(bill_id=_bill(order).pk, by=None, at=clock.now())
    presettle_claim(claim_id=claim.pk)
    submit_claim(claim_id=claim.pk, by=None, at=clock.now())
    settle_claim(claim_id=claim.pk)
    claim.refresh_from_db(fields=["state", "refusal"])
    if claim.state != ClaimState.SETTLED:
        raise AssertionError(f"{claim.state} {claim.refusal}")


def _captured(work: Callable[[], None]) -> list[str]:
    """Statements as the database got them, those that begin and end transactions included."""
    with CaptureQueriesContext(connection) as captured:
        work()
    return [query["sql"] for query in captured.captured_queries]


def _is_frame(statement: str) -> bool:
    return statement.split(maxsplit=1)[0].upper() in {"BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK"}


def _pgbench(script: Path, url: str) -> float:
    """Seconds for the statements of the script, once.

    Raises:
        RuntimeError: one of them failed.
    """
    program = str(binaries.postgres_bin() / "pgbench")
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603 (a program of our own database)
        [program, "-n", "-t", "1", "-f", str(script), "-d", url], check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return time.monotonic() - began


def _held(workers: list[Process]) -> float:
    """Megabytes in memory, all workers together."""
    pages = [int(Path(f"/proc/{one.child.pid}/statm").read_text().split()[1]) for one in workers if one.child]
    return sum(pages) * 4096 / 1e6


@cache
def _doctor() -> Practitioner:
    """One doctor for all."""
    made: Practitioner = PractitionerFactory()
    return made


@cache
def _items(count: int) -> list[str]:
    """Codes of so many items at 3.21 yuan each."""
    return [PriceFactory(amount=Decimal("3.21")).item.code for _number in range(count)]
