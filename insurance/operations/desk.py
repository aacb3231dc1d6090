"""What a person orders about a claim whose outcome is unknown; each is refused in the wrong state (IN-30 to IN-38)."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from insurance.events import ReversalRefused
from insurance.models import Claim, Settlement
from insurance.operations import claims, recording, returning
from insurance.operations.conversing import is_late
from insurance.operations.recording import Record
from insurance.operations.sweeping import JOBS
from insurance.operations.undoing import may_undo
from insurance.operations.uploading import total_of
from insurance.rules import commands
from insurance.rules.commands import ClaimFacts, Conclusion, HandRecord
from insurance.states import ClaimEvent, ClaimState
from kernel import events, jobs
from kernel.errors import Violation, refuse_if_any


def facts_of(claim: Claim, *, at: datetime) -> ClaimFacts:
    """What the commands look at."""
    return ClaimFacts(
        state=claim.state,
        needs_person=claim.needs_person_since is not None,
        taken_by=claim.taken_by_id,
        may_undo=may_undo(claim, at=at),
        may_arrive=not is_late(claim, at=at),
    )


@transaction.atomic
def ask_now(*, claim_id: int, by: User, at: datetime) -> Claim:
    """Ask the insurer at once instead of by the schedule, which goes on afterwards.

    Raises:
        RulesBroken: IN-30.
    """
    claim = claims.locked(claim_id)
    refuse_if_any(commands.asking_violations(facts_of(claim, at=at)))
    audit.record("insurance.claim.asked_by_person", on=claim, by=by, at=at)
    jobs.enqueue(JOBS[ClaimState(claim.state)], claim_id=claim.pk, times=claim.asked_times)
    return claim


@transaction.atomic
def void_unknown(*, claim_id: int, by: User, at: datetime, reason: str = "") -> Claim:
    """Undo a settlement whose outcome is unknown (2601): afterwards nothing is settled, whatever had become of it.

    Her share goes back then; ``reason`` is what she reads. When the insurer says that it stands, it is recorded.

    Raises:
        RulesBroken: IN-31, IN-32.
    """
    claim = claims.locked(claim_id)
    refuse_if_any(commands.undoing_violations(facts_of(claim, at=at)))
    claims.void_claim(claim_id=claim_id, reason=reason, by=by, at=at)
    claim.refresh_from_db()
    return claim


@transaction.atomic
def take_over(*, claim_id: int, by: User, at: datetime) -> Claim:
    """Look after a claim that waits for a person; taking it twice changes nothing.

    Raises:
        RulesBroken: IN-33.
    """
    claim = claims.locked(claim_id)
    refuse_if_any(commands.taking_violations(facts_of(claim, at=at), by.pk))
    if claim.taken_by_id != by.pk:
        _give_to(claim, by, by=by, at=at, what="taken_over")
    return claim


@transaction.atomic
def hand_back(*, claim_id: int, by: User, at: datetime) -> Claim:
    """Somebody else may look after it; only who has it can hand it back.

    Raises:
        RulesBroken: IN-33.
    """
    claim = claims.locked(claim_id)
    refuse_if_any(commands.taking_violations(facts_of(claim, at=at), by.pk))
    if claim.taken_by_id == by.pk:
        _give_to(claim, None, by=by, at=at, what="handed_back")
    return claim


@transaction.atomic
def mark_seen(*, claim_id: int, reason: str, by: User, at: datetime) -> Claim:
    """What a person was called for is looked into, and the claim stays as it is: its outcome is known.

    Raises:
        RulesBroken: IN-33 to IN-36.
    """
    claim = claims.locked(claim_id)
    refuse_if_any(commands.seeing_violations(facts_of(claim, at=at), reason=reason, user=by.pk))
    facts = {"reason": reason.strip()[:500], "because": claim.person_reason}
    claim.needs_person_since, claim.person_reason, claim.taken_by = None, "", None
    claim.save(update_fields=["needs_person_since", "person_reason", "taken_by"])
    audit.record("insurance.claim.seen", on=claim, by=by, at=at, facts=facts)
    return claim


def _give_to(claim: Claim, user: User | None, *, by: User, at: datetime, what: str) -> None:
    claim.taken_by = user
    claim.save(update_fields=["taken_by"])
    audit.record(f"insurance.claim.{what}", on=claim, by=by, at=at)


@transaction.atomic
def conclude_by_hand(
    *,
    claim_id: int,
    conclusion: Conclusion,
    reason: str,
    by: User,
    at: datetime,
    record: HandRecord | None = None,
) -> Claim:
    """Say what the insurer's own screen shows, when it cannot be had by asking.

    Args:
        claim_id: a claim of unknown outcome that ``by`` looks after.
        conclusion: what the screen shows.
        reason: who looked and what was seen; kept for ever.
        by: who concludes.
        at: now.
        record: the settlement (all parts), or the reversal (its number counts) that the screen shows.

    Raises:
        RulesBroken: IN-34 to IN-38.
    """
    claim = claims.locked(claim_id)
    found = list(
        commands.concluding_violations(facts_of(claim, at=at), conclusion, reason=reason, user=by.pk)
    )
    if conclusion in (Conclusion.SETTLED, Conclusion.REVERSED):
        found += _record_violations(claim, conclusion, record)
    refuse_if_any(found)
    facts = {"conclusion": conclusion.value, "reason": reason.strip()[:500]}
    audit.record("insurance.claim.concluded_by_hand", on=claim, by=by, at=at, facts=facts)
    _carry_out(claim, conclusion, reason.strip(), record, by=by, at=at)
    returning.go_on(claim, at=at)
    claim.refresh_from_db()
    return claim


def _record_violations(claim: Claim, conclusion: Conclusion, record: HandRecord | None) -> list[Violation]:
    number = record.number.strip() if record else ""
    area = claim.registration.insured_region
    is_taken = Settlement.objects.filter(number=number, insured_region=area).exists()
    total = total_of(claim)
    if conclusion == Conclusion.REVERSED and record is not None:
        total = (
            record.total
        )  # Of a reversal only the number is read: its amounts are those of the settlement.
    return list(commands.record_violations(record, total=total, number_is_taken=is_taken))


def _carry_out(
    claim: Claim, conclusion: Conclusion, reason: str, record: HandRecord | None, *, by: User, at: datetime
) -> None:
    if conclusion == Conclusion.SETTLED and record is not None:
        recording.record_settlement(claim, _as_read(record), at=at, by=by)
    elif conclusion == Conclusion.REVERSED and record is not None:
        recording.record_reversal(claim, _negative(claim, record), at=at, by=by)
    elif conclusion == Conclusion.STANDS:
        claims.move(claim, ClaimEvent.STAND, by=by, at=at)
        returning.give_up(claim, at=at)
        events.publish(ReversalRefused(claim.pk))
    elif claim.state == ClaimState.VOIDING:
        recording.record_void(claim, at=at, by=by)
    else:
        claims.decline(claim, refusal=reason, at=at, by=by)


def _as_read(record: HandRecord) -> Record:
    return Record(number=record.number.strip(), fund=record.fund, account=record.account, cash=record.cash)


def _negative(claim: Claim, record: HandRecord) -> Record:
    settled = claim.settlements.get(reverses__isnull=True)
    return Record(
        number=record.number.strip(),
        fund=-settled.fund_amount,
        account=-settled.account_amount,
        cash=-settled.cash_amount,
        mutual_aid=-settled.mutual_aid_amount,
        clearing_type=settled.clearing_type,
        clearing_way=settled.clearing_way,
        clearing_agency=settled.clearing_agency,
    )
