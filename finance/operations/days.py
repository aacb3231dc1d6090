"""The cashier's day: counted, explained, closed by a person, opened again by another one (FN-10 to FN-15)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from finance.models import CashierDay, CountLine, DayCount, DayExplanation
from finance.queries.day_sums import sums_of_day
from finance.queries.days import counted_sums, institutions_that_moved, obstacles_of, open_obstacles_of
from finance.rules.days import (
    Sum,
    closing_violations,
    counting_violations,
    explaining_violations,
    reopening_violations,
)
from finance.states import CASHIER_DAY, DayEvent
from kernel import clock
from kernel.errors import refuse_if_any

CATCH_UP_DAYS = 31
"""After an outage so many past days are opened, at most."""


def open_ended(*, at: datetime) -> int:
    """Open every ended day on which money moved, for each institution; returns how many are new. May be repeated."""
    today = clock.day_of(at)
    days = [today - timedelta(days=back) for back in range(CATCH_UP_DAYS, 0, -1)]
    newest = CashierDay.objects.order_by("-day").values_list("day", flat=True).first()
    made = 0
    for day in days if newest is None else [day for day in days if day >= newest]:
        made += sum(_opened(institution_id, day, at=at)[1] for institution_id in institutions_that_moved(day))
    return made


def _opened(institution_id: int, day: date, *, at: datetime) -> tuple[CashierDay, bool]:
    return CashierDay.objects.get_or_create(
        institution_id=institution_id, day=day, defaults={"opened_at": at}
    )


@transaction.atomic
def count_day(*, institution_id: int, day: date, by: User, at: datetime) -> CashierDay:
    """Take the sums of an ended day, records and books side by side; counting again keeps the count before it.

    Raises:
        RulesBroken: FN-10.
        IllegalTransition: the day is closed.
    """
    refuse_if_any(counting_violations(day=day, today=clock.day_of(at)))
    row = _locked(_opened(institution_id, day, at=at)[0].pk)
    row.state = CASHIER_DAY.after(row.state, DayEvent.COUNT)
    row.count = DayCount.objects.create(cashier_day=row, counted_by=by, counted_at=at)
    _keep(row.count, sums_of_day(institution_id, day))
    row.save(update_fields=["state", "count"])
    audit.record("finance.day.counted", on=row, by=by, at=at)
    return row


def _locked(day_id: int) -> CashierDay:
    rows = CashierDay.objects.select_for_update(of=("self",)).select_related("count", "institution")
    return rows.get(pk=day_id)


def _keep(count: DayCount, sums: Iterable[Sum]) -> None:
    CountLine.objects.bulk_create(
        CountLine(
            day_count=count,
            section=one.section,
            key=one.key,
            record_count=one.records,
            record_amount=one.record_amount,
            book_amount=one.book_amount,
        )
        for one in sums
    )


@transaction.atomic
def explain(*, day_id: int, obstacle: str, reason: str, by: User, at: datetime) -> DayExplanation:
    """Say why something that stands in the way of closing may stand; it holds while its amount stays the same.

    Raises:
        RulesBroken: FN-13, FN-14.
        IllegalTransition: the day is not counted, or is closed.
    """
    row = _locked(day_id)
    CASHIER_DAY.after(row.state, DayEvent.CLOSE)
    found = next((one for one in obstacles_of(row) if one.key == obstacle), None)
    refuse_if_any(explaining_violations(obstacle=found, reason=reason))
    if found is None:
        raise ValueError("the rules refuse what is not there")
    said = DayExplanation.objects.create(
        cashier_day=row, obstacle=found.key, amount=found.amount, reason=reason.strip()[:300], by=by, at=at
    )
    facts = {"obstacle": found.key, "amount": str(found.amount), "reason": said.reason}
    audit.record("finance.day.explained", on=row, by=by, at=at, facts=facts)
    return said


@transaction.atomic
def close_day(*, day_id: int, by: User, at: datetime) -> CashierDay:
    """Close a counted day whose sums agree, or are explained.

    Raises:
        RulesBroken: FN-11, FN-12.
        IllegalTransition: the day is not counted, or is closed.
    """
    row = _locked(day_id)
    row.state = CASHIER_DAY.after(row.state, DayEvent.CLOSE)
    now = sums_of_day(row.institution_id, row.day)
    refuse_if_any(
        closing_violations(counted=counted_sums(row), now=now, obstacles=list(open_obstacles_of(row)))
    )
    row.closed_at, row.closed_by = at, by
    row.save(update_fields=["state", "closed_at", "closed_by"])
    audit.record("finance.day.closed", on=row, by=by, at=at)
    return row


@transaction.atomic
def reopen_day(*, day_id: int, reason: str, by: User, at: datetime) -> CashierDay:
    """Open a closed day again; it is counted anew.

    Raises:
        RulesBroken: FN-14, FN-15.
        IllegalTransition: the day is not closed.
    """
    row = _locked(day_id)
    row.state = CASHIER_DAY.after(row.state, DayEvent.REOPEN)
    refuse_if_any(reopening_violations(closed_by=row.closed_by_id or 0, by=by.pk, reason=reason))
    row.closed_at, row.closed_by = None, None
    row.save(update_fields=["state", "closed_at", "closed_by"])
    audit.record("finance.day.reopened", on=row, by=by, at=at, facts={"reason": reason.strip()[:300]})
    return row
