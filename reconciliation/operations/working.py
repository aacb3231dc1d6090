"""A person works through a difference; every act is an entry, and none changes what either side said.

Above ``RECONCILIATION_SECOND_PERSON_ABOVE`` a second person closes it, and only then is anything booked.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import User
from audit import operations as audit
from kernel import events
from kernel.errors import Violation, refuse_if_any
from reconciliation.errors import CommandRefused
from reconciliation.events import DifferenceBooked
from reconciliation.models import Act, Difference, ReconciliationEntry, Way
from reconciliation.operations.running import clear_if_done
from reconciliation.queries.booked import booked_for
from reconciliation.rules import working
from reconciliation.rules.kinds import Kind
from reconciliation.rules.parts import Parts
from reconciliation.states import DIFFERENCE, DifferenceEvent, DifferenceState

PERSON = "person"


@transaction.atomic
def take(*, difference_id: int, by: User, at: datetime) -> Difference:
    """Look after it from now on; it may be taken from somebody else.

    Raises:
        IllegalTransition: it is explained, corrected or closed.
    """
    difference = _locked(difference_id)
    if difference.state == DifferenceState.TAKEN and difference.taken_by_id == by.pk:
        return difference
    _move(difference, DifferenceEvent.TAKE, taken_by=by, taken_at=at)
    return _told(difference, Act.TAKEN, by, at)


@transaction.atomic
def release(*, difference_id: int, reason: str, by: User, at: datetime) -> Difference:
    """Let somebody else take it.

    Raises:
        CommandRefused: RC-10, RC-11.
        IllegalTransition: nobody has taken it, or it is done.
    """
    difference = _locked(difference_id)
    _allowed(difference, DifferenceEvent.RELEASE)
    _refuse_if_any(_owner(difference, by), working.reason_violations(reason))
    _move(difference, DifferenceEvent.RELEASE, taken_by=None, taken_at=None)
    return _told(difference, Act.RELEASED, by, at, reason=reason)


@transaction.atomic
def explain(*, difference_id: int, reason: str, by: User, at: datetime) -> Difference:
    """Nothing is wrong, and this is why.

    Raises:
        CommandRefused: RC-10, RC-11, RC-12.
        IllegalTransition: it is not taken.
    """
    difference = _locked(difference_id)
    _allowed(difference, DifferenceEvent.EXPLAIN)
    _refuse_if_any(
        _owner(difference, by),
        working.reason_violations(reason),
        working.explanation_violations(_standing(difference, by)),
    )
    _answered(difference, DifferenceEvent.EXPLAIN, by)
    return _told(difference, Act.EXPLAINED, by, at, reason=reason)


@transaction.atomic
def correct(
    *, difference_id: int, way: str, reason: str, reference: str, by: User, at: datetime
) -> Difference:
    """Something was wrong, and this entry puts it right: by booking the whole difference here, or by what was done.

    Raises:
        CommandRefused: RC-10, RC-11, RC-13, RC-14, RC-15.
        IllegalTransition: it is not taken.
    """
    difference = _locked(difference_id)
    _allowed(difference, DifferenceEvent.CORRECT)
    standing = _standing(difference, by)
    known = way if way in Way.values else ""
    _refuse_if_any(
        _owner(difference, by),
        working.reason_violations(reason),
        working.correction_violations(standing, way=known, reference=reference),
    )
    _answered(difference, DifferenceEvent.CORRECT, by)
    booked = None if difference.needs_second_person else _booking(difference, known)
    return _told(
        difference, Act.CORRECTED, by, at,
        reason=reason, reference=reference, way=known, booked=booked,
    )  # fmt: skip


@transaction.atomic
def close(*, difference_id: int, by: User, at: datetime) -> Difference:
    """It is explained or corrected, and done; a second person agrees by closing it, and then it is booked.

    Raises:
        CommandRefused: RC-16.
        IllegalTransition: it is neither.
    """
    difference = _locked(difference_id)
    _allowed(difference, DifferenceEvent.CLOSE)
    needs_second = difference.needs_second_person
    is_mine = difference.answered_by_id == by.pk
    _refuse_if_any(working.closing_violations(needs_second_person=needs_second, is_answer_mine=is_mine))
    if needs_second:
        _agree(difference, by, at)
    _move(difference, DifferenceEvent.CLOSE, closed_at=at, closed_because=PERSON)
    _told(difference, Act.CLOSED, by, at)
    clear_if_done(difference.comparison_id)
    return difference


def _agree(difference: Difference, by: User, at: datetime) -> None:
    """What the first person wrote counts from now on."""
    answer = difference.entries.filter(act__in=(Act.EXPLAINED, Act.CORRECTED)).latest("pk")
    difference.agreed_by = by
    difference.save(update_fields=["agreed_by"])
    _told(
        difference, Act.AGREED, by, at,
        reason=answer.reason, reference=answer.reference, way=answer.way, booked=_booking(difference, answer.way),
    )  # fmt: skip


def _booking(difference: Difference, way: str) -> Parts | None:
    """What an answer books on our side: the whole difference, or nothing."""
    return difference.gap if way == Way.BOOKED_HERE else None


def _answered(difference: Difference, event: DifferenceEvent, by: User) -> None:
    """Explained or corrected; whether a second person is needed is decided by the amount of now."""
    stake = working.at_stake(difference.ours, difference.theirs)
    needs_second = stake > settings.RECONCILIATION_SECOND_PERSON_ABOVE
    _move(difference, event, answered_by=by, needs_second_person=needs_second)


@transaction.atomic
def reopen(*, difference_id: int, reason: str, by: User, at: datetime) -> Difference:
    """Second thoughts: what was booked for it is taken back by an entry of its own.

    What a second person does not agree to goes back to whoever answered it.

    Raises:
        CommandRefused: RC-11.
        IllegalTransition: it is open or taken.
    """
    difference = _locked(difference_id)
    _allowed(difference, DifferenceEvent.REOPEN)
    _refuse_if_any(working.reason_violations(reason))
    _move(
        difference,
        DifferenceEvent.REOPEN,
        closed_at=None,
        closed_because="",
        **_owner_again(difference, by, at),
    )
    _told(difference, Act.REOPENED, by, at, reason=reason, booked=Parts.nothing() - booked_for(difference))
    clear_if_done(difference.comparison_id)
    return difference


def _owner_again(difference: Difference, by: User, at: datetime) -> dict[str, Any]:
    """Nobody after closing; else whoever opens it again, or whom it is sent back to."""
    unanswered: dict[str, Any] = {"answered_by": None, "needs_second_person": False, "agreed_by": None}
    if difference.state == DifferenceState.CLOSED:
        return unanswered | {"taken_by": None, "taken_at": None}
    back = difference.answered_by if difference.needs_second_person else None
    return unanswered | {"taken_by": back or by, "taken_at": at}


def _locked(difference_id: int) -> Difference:
    return Difference.objects.select_for_update(of=("self",)).select_related("claim").get(pk=difference_id)


def _allowed(difference: Difference, event: DifferenceEvent) -> None:
    DIFFERENCE.after(difference.state, event)


def _owner(difference: Difference, by: User) -> list[Violation]:
    return working.owner_violations(_standing(difference, by))


def _standing(difference: Difference, by: User) -> working.Standing:
    return working.Standing(
        kind=Kind(difference.kind),
        is_mine=difference.taken_by_id == by.pk,
        is_taken=difference.state == DifferenceState.TAKEN,
        outcome_is_open=difference.outcome_is_open,
        gap=difference.gap,
    )


def _refuse_if_any(*violations: list[Violation]) -> None:
    refuse_if_any([each for found in violations for each in found], CommandRefused)


def _move(difference: Difference, event: DifferenceEvent, **changes: Any) -> None:
    difference.state = DIFFERENCE.after(difference.state, event)
    for name, value in changes.items():
        setattr(difference, name, value)
    difference.save(update_fields=["state", *changes])


def _told(
    difference: Difference, act: Act, by: User, at: datetime, *,
    reason: str = "", reference: str = "", way: str = "", booked: Parts | None = None,
) -> Difference:  # fmt: skip
    """The entry, and the audit trail."""
    parts = booked or Parts.nothing()
    entry = ReconciliationEntry.objects.create(
        difference=difference,
        act=act,
        way=way,
        reason=reason.strip()[:500],
        reference=reference.strip()[:100],
        fund_amount=parts.fund,
        account_amount=parts.account,
        cash_amount=parts.cash,
        by=by,
        at=at,
    )
    audit.record(f"reconciliation.difference.{act.value}", on=difference, by=by, at=at, facts={"way": way})
    if booked is not None:
        events.publish(DifferenceBooked(entry.pk))
    return difference
