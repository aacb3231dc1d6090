"""Celery shells of reconciliation."""

from celery import shared_task

from accounts.models import User
from kernel import clock
from reconciliation.operations import opening, running


@shared_task(name="reconciliation.run_due", ignore_result=True)
def run_due() -> None:
    """Open days that have ended, and hand out what is due."""
    opening.run_due(at=clock.now())


@shared_task(name="reconciliation.compare", ignore_result=True)
def compare(comparison_id: int, by_id: int | None = None) -> None:
    """Compare one source of one day."""
    by = User.objects.filter(pk=by_id).first() if by_id else None
    running.run_comparison(comparison_id=comparison_id, by=by, at=clock.now())
