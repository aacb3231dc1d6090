"""Open the comparisons of days that have ended, and hand out what is due."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Q

from accounts.models import User
from audit import operations as audit
from insurance.models import VisitRegistration
from kernel import clock, jobs
from kernel.errors import refuse_if_any
from payments.queries import has_account
from reconciliation.errors import CommandRefused
from reconciliation.models import Comparison
from reconciliation.operations.sides.channel import CHANNEL_OF
from reconciliation.rules.kinds import Source
from reconciliation.rules.ordering import order_violations
from reconciliation.rules.schedule import CUT_OFF_AFTER, days_to_open, first_run_of
from registry.models import Institution


@transaction.atomic
def open_day(day: date) -> list[Comparison]:
    """The comparisons of a day, made where they are not there yet; each is due when its schedule says."""
    wanted: list[tuple[Source, Institution | None]] = [(Source.BOOKS, None)]
    wanted += [(source, None) for source, channel in CHANNEL_OF.items() if has_account(channel)]
    wanted += [(Source.INSURER, institution) for institution in settling_institutions()]
    for source, institution in wanted:
        Comparison.objects.get_or_create(
            day=day, source=source, institution=institution, defaults={"due_at": first_run_of(source, day)}
        )
    return list(Comparison.objects.filter(day=day).select_related("institution"))


def settling_institutions() -> list[Institution]:
    """Institutions that have ever registered a visit at the insurer."""
    seen = VisitRegistration.objects.values("encounter__institution")
    return list(Institution.objects.filter(pk__in=seen).order_by("pk"))


def run_due(*, at: datetime) -> int:
    """Open every day that has ended, and enqueue each comparison that is due; returns how many."""
    newest = Comparison.objects.aggregate(last=Max("day", filter=Q(day__lt=clock.day_of(at))))["last"]
    for day in days_to_open(newest, at):
        open_day(day)
    due = list(
        Comparison.objects.filter(due_at__lte=at).order_by("due_at", "pk").values_list("pk", flat=True)
    )
    for comparison_id in due:
        _hand_out(comparison_id, at)
    return len(due)


@transaction.atomic
def _hand_out(comparison_id: int, at: datetime) -> None:
    """One job; another hand-out of the same moment finds nothing due."""
    # A job that is lost on its way is handed out again.
    taken = Comparison.objects.filter(pk=comparison_id, due_at__lte=at).update(due_at=at + CUT_OFF_AFTER)
    if taken:
        jobs.enqueue("reconciliation.compare", comparison_id=comparison_id)


@transaction.atomic
def order_run(*, comparison_id: int, by: User, at: datetime) -> Comparison:
    """A person wants it compared now.

    Raises:
        CommandRefused: RC-01, RC-02.
    """
    comparison = Comparison.objects.select_for_update(of=("self",)).get(pk=comparison_id)
    refuse_if_any(
        order_violations(
            day=comparison.day, today=clock.day_of(at), running_since=comparison.running_since, at=at
        ),
        CommandRefused,
    )
    audit.record("reconciliation.comparison.ordered", on=comparison, by=by, at=at)
    jobs.enqueue("reconciliation.compare", comparison_id=comparison.pk, by_id=by.pk)
    return comparison


@transaction.atomic
def order_day(*, day: date, by: User, at: datetime) -> list[Comparison]:
    """A person wants all of a day compared now; a day that is not open yet is opened.

    Raises:
        CommandRefused: RC-01; of what is under way already nothing is begun a second time.
    """
    refuse_if_any(
        order_violations(day=day, today=clock.day_of(at), running_since=None, at=at), CommandRefused
    )
    opened = open_day(day)
    for comparison in opened:
        if comparison.running_since is None or at >= comparison.running_since + CUT_OFF_AFTER:
            order_run(comparison_id=comparison.pk, by=by, at=at)
    return opened
