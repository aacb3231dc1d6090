"""Begin a simulation, and carry it on slice by slice; a job that is run twice does no slice twice."""

import hashlib
import logging
import time
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import User
from audit import operations as audit
from encounters.models import Encounter
from kernel import clock, jobs, live
from kernel.errors import refuse_if_any
from kernel.identifiers import new_number
from pricing.models import PriceRevision
from repricing.errors import SimulationRefused
from repricing.models import Simulation
from repricing.operations.pricing_again import Pricer
from repricing.operations.results import Findings
from repricing.queries.charges import Window, cuts_of
from repricing.queries.law import Proposals, proposals_of
from repricing.queries.resting import reach_of
from repricing.rules.asking import simulation_violations
from repricing.states import SIMULATION, SimulationEvent, SimulationState

logger = logging.getLogger(__name__)

ENCOUNTERS_IN_A_SLICE = 20_000
_OPEN = (SimulationState.WAITING, SimulationState.RUNNING)


@transaction.atomic
def start_simulation(
    *, revision_id: int, begin: date, end: date, institution_id: int | None, by: User, at: datetime
) -> Simulation:
    """Have a revision tried over the charges of the days ``[begin, end)``; a job does it.

    Raises:
        SimulationRefused: the days have not passed, or the revision proposes nothing (RP-01, RP-02).
    """
    revision = PriceRevision.objects.get(pk=revision_id)
    proposals = proposals_of(revision)
    refuse_if_any(
        simulation_violations(begin=begin, end=end, today=clock.day_of(at), rows=len(proposals.facts)),
        SimulationRefused,
    )
    simulation = Simulation.objects.create(
        number=new_number("S", at),
        revision=revision,
        period=DateRange(begin, end),
        institution_id=institution_id,
        rows_sha256=digest_of(proposals),
        started_by=by,
        started_at=at,
    )
    facts = {"revision": revision.number, "begin": begin.isoformat(), "end": end.isoformat()}
    audit.record("repricing.simulation.started", on=simulation, by=by, at=at, facts=facts)
    jobs.enqueue("repricing.simulate", simulation_id=simulation.pk)
    return simulation


def digest_of(proposals: Proposals) -> str:
    """Tells whether the rows are still those that were simulated."""
    return hashlib.sha256(repr(proposals.facts).encode()).hexdigest()


def simulate(*, simulation_id: int, seconds: float) -> None:
    """Do slices for about so many seconds; what is then left is left to a job that follows.

    What goes wrong ends the simulation and is logged: a page must not wait for ever.
    """
    until = time.monotonic() + seconds
    try:
        pricer = None
        while time.monotonic() < until:
            pricer, is_done = _step(simulation_id, pricer)
            if is_done:
                return
        jobs.enqueue("repricing.simulate", simulation_id=simulation_id)
    except Exception:
        logger.exception("simulation %s failed", simulation_id)
        _fail(simulation_id, "broken")


@transaction.atomic
def _step(simulation_id: int, pricer: Pricer | None) -> tuple[Pricer | None, bool]:
    """One slice under the lock of the simulation; whether nothing is left to do."""
    simulation = (
        Simulation.objects.select_for_update(of=("self",))
        .select_related("revision__document")
        .filter(pk=simulation_id, state__in=_OPEN)
        .first()
    )
    if simulation is None:
        return pricer, True
    if simulation.state == SimulationState.WAITING:
        _begin(simulation)
    pricer = pricer or _pricer(simulation)
    if pricer is None:
        return None, True
    if simulation.slices_done < len(simulation.cuts):
        findings = Findings.from_json(simulation.result)
        pricer.run(_window(simulation), findings)
        simulation.result = findings.as_json()
        simulation.slices_done += 1
        simulation.save(update_fields=["result", "slices_done"])
    is_done = simulation.slices_done >= len(simulation.cuts)
    if is_done:
        _finish(simulation)
    live.ring(f"simulation:{simulation.pk}")
    return pricer, is_done


def _begin(simulation: Simulation) -> None:
    """Cut the patients of the period into slices of about the same number of encounters."""
    window = _whole(simulation)
    seen = Encounter.objects.filter(service_on__gte=window.begin, service_on__lt=window.end)
    if window.institution_id is not None:
        seen = seen.filter(institution_id=window.institution_id)
    slices = -(-seen.count() // ENCOUNTERS_IN_A_SLICE)
    simulation.cuts = cuts_of(window, slices) if slices else []
    simulation.state = SIMULATION.after(simulation.state, SimulationEvent.BEGIN)
    simulation.save(update_fields=["cuts", "state"])


def _pricer(simulation: Simulation) -> Pricer | None:
    """None when the revision is not any more what was to be simulated; the simulation has then ended."""
    proposals = proposals_of(simulation.revision)
    if digest_of(proposals) != simulation.rows_sha256:
        _end(simulation, SimulationEvent.FAIL, failure="revision_changed")
        return None
    reach = reach_of(proposals.item_ids, proposals.facts)
    return Pricer(proposals, reach, simulation.period.lower)


def _whole(simulation: Simulation) -> Window:
    return Window(simulation.period.lower, simulation.period.upper, simulation.institution_id)


def _window(simulation: Simulation) -> Window:
    cuts, done, whole = simulation.cuts, simulation.slices_done, _whole(simulation)
    before = cuts[done + 1] if done + 1 < len(cuts) else None
    return Window(whole.begin, whole.end, whole.institution_id, cuts[done] if done else 0, before)


def _finish(simulation: Simulation) -> None:
    if not simulation.result:
        simulation.result = Findings().as_json()
    _end(simulation, SimulationEvent.FINISH)


def _end(simulation: Simulation, event: SimulationEvent, failure: str = "") -> None:
    at = clock.now()
    simulation.state = SIMULATION.after(simulation.state, event)
    simulation.failure, simulation.ended_at = failure, at
    simulation.save(update_fields=["state", "failure", "ended_at", "result"])
    audit.record(f"repricing.simulation.{simulation.state}", on=simulation, by=None, at=at)
    live.ring(f"simulation:{simulation.pk}")


@transaction.atomic
def _fail(simulation_id: int, failure: str) -> None:
    simulation = Simulation.objects.select_for_update(of=("self",)).get(pk=simulation_id)
    if SIMULATION.allows(simulation.state, SimulationEvent.FAIL):
        _end(simulation, SimulationEvent.FAIL, failure=failure)


def default_period(today: date) -> tuple[date, date]:
    """First and last day of the last whole month: what is offered at first."""
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last
