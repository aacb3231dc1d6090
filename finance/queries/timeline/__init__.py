"""The course of one bill, from quote to receipt: every actor and every message, oldest first."""

from billing.models import Bill
from finance.queries.timeline import acts, books, channels, insurers
from finance.queries.timeline.step import Step
from finance.queries.timeline.subjects import Subjects, subjects_of

__all__ = ["Step", "Subjects", "subjects_of", "timeline_of"]


def timeline_of(bill: Bill) -> list[Step]:
    """Everything that happened to a bill and to what hangs on it.

    The number of statements does not depend on how much happened. Of two steps of one moment the cause stands before
    what follows from it. Readings are left out: they move no money.

    Args:
        bill: the bill; its return bills belong to its course.
    """
    subjects = subjects_of(bill)
    steps = [
        *acts.quote_of(bill),
        *acts.acts_on(subjects),
        *insurers.messages_of(subjects),
        *channels.notifications_of(subjects),
        *books.postings_of(subjects),
    ]
    return sorted(steps, key=lambda step: (step.at, step.order))
