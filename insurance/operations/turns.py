"""One conversation about a registration at a time, over all workers, and one question at a time about a claim."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F

from encounters.models import Encounter
from insurance.models import Claim
from insurance.rules.schedule import CALL_IS_OVER
from insurance.states import ClaimState
from kernel import clock, jobs

_SPACE = 0x1A5
PAUSE = timedelta(seconds=2)
SPOKEN_OF = ("patient", "institution")
"""What every message about a claim speaks of, beside the visit."""
SPOKEN_OF_AT_FIRST = (*SPOKEN_OF, "practitioner", "department", "known_disease")
"""… and what the insurer is told of a visit and its lines."""

_TRY = """
    SELECT registration_id, pg_try_advisory_lock(%s, registration_id::int) FROM insurance_claim WHERE id = %s
"""


@contextmanager
def turn(claim_id: int) -> Iterator[bool]:
    """Whether this process may talk about the registration of a claim now.

    A session lock of PostgreSQL: it needs no transaction, and a killed worker gives it back with its
    connection.

    Raises:
        Claim.DoesNotExist: there is no such claim.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TRY, [_SPACE, claim_id])
        found = cursor.fetchone()
    if found is None:
        raise Claim.DoesNotExist(f"claim {claim_id}")
    registration_id, mine = found
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_SPACE, registration_id])


@contextmanager
def conversation(
    claim_id: int,
    *,
    states: Collection[ClaimState],
    task: str,
    times: int | None,
    about: Collection[str] = SPOKEN_OF,
) -> Iterator[Claim | None]:
    """The claim to talk about, as it stands now, or None when there is nothing to ask.

    ``asked_times`` and ``last_asked_at`` of the claim are those before this question, which is committed already.

    Args:
        claim_id: the claim.
        states: in which of its states there is something to ask.
        task: the job that comes back when somebody else is talking about the same registration.
        times: how often the insurer had been asked when the job was made; another count means that somebody has asked
            since. None asks in any case.
        about: what of the encounter is read with the claim, since it will be spoken of.
    """
    with turn(claim_id) as mine:
        if mine:
            # Read only now: whoever had the turn before may have changed the claim and its registration.
            claim = _read(claim_id, about)
            is_due = claim.state in states and times in (None, claim.asked_times)
            yield claim if is_due and _note(claim, at=clock.now()) else None
            return
    jobs.enqueue(task, due_at=clock.now() + PAUSE, claim_id=claim_id, times=times)
    yield None


def _read(claim_id: int, about: Collection[str]) -> Claim:
    """The claim, its visit and the encounter, in two statements: to plan a join of all takes longer than both."""
    visit = ("registration__coverage", "registration__authorization")
    claim = Claim.objects.select_related("bill", *visit).get(pk=claim_id)
    encounters = Encounter.objects.select_related(*about)
    claim.registration.encounter = encounters.get(pk=claim.registration.encounter_id)
    return claim


def _note(claim: Claim, *, at: datetime) -> bool:
    """Remember that the insurer is asked now; false when somebody else has asked since the claim was read."""
    row = Claim.objects.filter(pk=claim.pk, state=claim.state, asked_times=claim.asked_times)
    return bool(row.update(asked_times=F("asked_times") + 1, last_asked_at=at, next_ask_at=at + CALL_IS_OVER))
