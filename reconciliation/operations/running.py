"""Compare one source of one day: begin, ask the other side, conclude; each step commits by itself."""

import logging
from datetime import datetime

from django.db import connection, transaction

from accounts.models import User
from kernel import clock, events, live
from reconciliation.errors import StatementMissing
from reconciliation.events import DifferenceBooked
from reconciliation.models import Comparison, ComparisonRun, Difference, ReconciliationEntry
from reconciliation.operations.comparing.keeping import Kept, keep
from reconciliation.operations.comparing.loading import prepare
from reconciliation.operations.sides import SIDES, Compared, Side
from reconciliation.rules.kinds import Source
from reconciliation.rules.lines import StatementUnreadable
from reconciliation.rules.schedule import CUT_OFF_AFTER, next_try
from reconciliation.states import COMPARISON, ComparisonEvent, ComparisonState, DifferenceState

logger = logging.getLogger(__name__)


def run_comparison(*, comparison_id: int, by: User | None, at: datetime) -> Comparison | None:
    """Compare once; calls out. Comparing twice finds the same differences and makes no new ones.

    Returns the comparison as it stands afterwards; None when another run of it is under way.
    """
    run = _begin(comparison_id, by, at)
    if run is None:
        return None
    try:
        with SIDES[Source(run.comparison.source)](run.comparison) as side:
            side.fetch()
            return _conclude(run, side)
    except (StatementMissing, StatementUnreadable) as error:
        return _miss(run, str(error))
    except Exception:
        _miss(run, "the comparison broke off; the log says why")
        raise


@transaction.atomic
def _begin(comparison_id: int, by: User | None, at: datetime) -> ComparisonRun | None:
    """The run, committed before anybody is asked."""
    comparison = Comparison.objects.select_for_update(of=("self",)).get(pk=comparison_id)
    since = comparison.running_since
    if comparison.state == ComparisonState.RUNNING and since and at < since + CUT_OFF_AFTER:
        return None
    comparison.state = COMPARISON.after(comparison.state, ComparisonEvent.BEGIN)
    comparison.running_since, comparison.due_at = at, at + CUT_OFF_AFTER
    comparison.save(update_fields=["state", "running_since", "due_at"])
    live.ring(topic_of(comparison))
    return ComparisonRun.objects.create(comparison=comparison, by=by, began_at=at)


def topic_of(comparison: Comparison) -> str:
    """What pages of this day watch."""
    return f"reconciliation:{comparison.day.isoformat()}"


@transaction.atomic
def _conclude(run: ComparisonRun, side: Side) -> Comparison:
    """Everything the comparison says, in one transaction."""
    comparison = _locked(run)
    if comparison.running_since != run.began_at:
        return comparison  # it counted as dead, and another run has begun since
    now = clock.now()
    with connection.cursor() as cursor:
        prepare(cursor)
        compared = side.compare(cursor, now)
        kept = keep(cursor, comparison, run, now)
    _tell_of_bookings(run)
    event = _event(kept)
    comparison.our_count, comparison.our_amount = compared.our_count, compared.our_amount
    comparison.their_count, comparison.compared_at = compared.their_count, now
    comparison.runs_in_vain, comparison.due_at = 0, None
    _end(run, comparison, event, "", now)
    _note_counts(run, compared, kept)
    for relieved in Comparison.objects.filter(pk__in=kept.relieved).order_by("pk"):
        clear_if_done(relieved.pk)
    return comparison


def _tell_of_bookings(run: ComparisonRun) -> None:
    """What a person had booked for a difference that is another one now was taken back by this run."""
    moved = ReconciliationEntry.objects.filter(run=run).exclude(
        fund_amount=0, account_amount=0, cash_amount=0
    )
    for entry_id in moved.order_by("pk").values_list("pk", flat=True):
        events.publish(DifferenceBooked(entry_id))


def _event(kept: Kept) -> ComparisonEvent:
    if kept.active:
        return ComparisonEvent.DIFFER
    return ComparisonEvent.CLEAR if kept.seen else ComparisonEvent.BALANCE


@transaction.atomic
def _miss(run: ComparisonRun, reason: str) -> Comparison:
    """No statement was to be had: try again when the schedule says so."""
    comparison = _locked(run)
    if comparison.running_since != run.began_at:
        return comparison
    logger.warning("%s could not be compared: %s", comparison, reason)
    now = clock.now()
    comparison.runs_in_vain += 1
    comparison.due_at = next_try(Source(comparison.source), comparison.day, comparison.runs_in_vain, now)
    _end(run, comparison, ComparisonEvent.MISS, reason[:500], now)
    return comparison


def _locked(run: ComparisonRun) -> Comparison:
    return Comparison.objects.select_for_update(of=("self",)).get(pk=run.comparison_id)


def _end(
    run: ComparisonRun, comparison: Comparison, event: ComparisonEvent, failure: str, now: datetime
) -> None:
    comparison.state = COMPARISON.after(comparison.state, event)
    comparison.failure, comparison.running_since = failure, None
    comparison.save()
    run.outcome, run.failure, run.ended_at = comparison.state, failure, now
    run.save()
    live.ring(topic_of(comparison))


def _note_counts(run: ComparisonRun, compared: Compared, kept: Kept) -> None:
    run.our_count, run.their_count = compared.our_count, compared.their_count
    run.difference_count, run.statement_sha256 = kept.seen, compared.sha256
    run.save()


@transaction.atomic
def clear_if_done(comparison_id: int) -> None:
    """A day whose last difference is closed is cleared; one that has an open one again is not."""
    comparison = Comparison.objects.select_for_update(of=("self",)).get(pk=comparison_id)
    active = Difference.objects.filter(comparison=comparison).exclude(state=DifferenceState.CLOSED).exists()
    event = ComparisonEvent.DIFFER if active else ComparisonEvent.CLEAR
    if COMPARISON.allows(comparison.state, event):
        comparison.state = COMPARISON.after(comparison.state, event)
        comparison.save(update_fields=["state"])
    live.ring(topic_of(comparison))
