"""The clock is read only at the edges: views, consumers, tasks and commands call it; rules never do."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """The present moment, aware."""
    return timezone.now()


def day_of(moment: datetime) -> date:
    """The calendar day of a moment in Asia/Shanghai."""
    return timezone.localtime(moment).date()
