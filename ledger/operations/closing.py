"""Close days: from then on they take no entries, and their sums are kept."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from accounts.models import User
from audit import operations as audit
from kernel import clock, jobs
from kernel.errors import refuse_if_any
from ledger.errors import LedgerRefused
from ledger.models import Account, ClosedDay
from ledger.queries.sums import DAILY
from ledger.rules import closing_violations

_KEEP = f"""
    WITH daily AS ({DAILY})
    INSERT INTO ledger_snapshot (account_id, "on", debit, credit, pending)
    SELECT daily.account_id, daily."on",
           coalesce(last.debit, 0) + sum(daily.debit) OVER so_far,
           coalesce(last.credit, 0) + sum(daily.credit) OVER so_far,
           coalesce(last.pending, 0) + sum(daily.pending) OVER so_far
    FROM daily
    LEFT JOIN LATERAL (
        SELECT debit, credit, pending FROM ledger_snapshot AS kept
        WHERE kept.account_id = daily.account_id ORDER BY kept."on" DESC LIMIT 1
    ) AS last ON true
    WINDOW so_far AS (PARTITION BY daily.account_id ORDER BY daily."on")
"""  # noqa: S608  # of a constant


@transaction.atomic
def close_days(*, institution_id: int, through: date, at: datetime, by: User | None = None) -> ClosedDay:
    """Close every open day of an institution's books through a day; what comes later is dated to the next one.

    Whoever is posting now is waited for, and whoever wants to post waits: the sums miss nothing.

    Raises:
        LedgerRefused: the day has not ended (LG-07).
    """
    refuse_if_any(closing_violations(day=through, today=clock.day_of(at)), LedgerRefused)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('ledger'), %s::integer)", [institution_id])
        last = ClosedDay.objects.filter(institution_id=institution_id).order_by("-on").first()
        if last is not None and last.on >= through:
            return last
        since = last.on if last else date.min
        cursor.execute(_KEEP, {"institution": institution_id, "after": since, "through": through})
    closed = ClosedDay.objects.create(institution_id=institution_id, on=through, closed_at=at)
    audit.record("ledger.day.closed", on=closed, by=by, at=at, facts={"on": through.isoformat()})
    return closed


def close_ended(*, at: datetime) -> int:
    """Close what is to be closed of all books; returns of how many institutions.

    A day stays open for ``LEDGER_DAYS_OPEN`` whole days after it has ended, for what is told late.
    """
    through = clock.day_of(at) - timedelta(days=settings.LEDGER_DAYS_OPEN + 1)
    kept = 0
    for institution_id in Account.objects.order_by().values_list("institution_id", flat=True).distinct():
        with jobs.alone("closing the books", institution_id):
            close_days(institution_id=institution_id, through=through, at=at)
            kept += 1
    return kept
