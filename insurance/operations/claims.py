"""A claim's life on our side; nothing here calls out."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import User
from audit import operations as audit
from billing.models import Bill
from encounters.models import Encounter
from insurance.events import ClaimDeclined, ClaimUnconfirmed
from insurance.models import Claim, VisitRegistration
from insurance.operations.messages import msgid_of_visit
from insurance.operations.mobile.choosing import route_for
from insurance.queries.vouchers import own_authorization_id
from insurance.rules.schedule import CALL_IS_OVER, TIDY_SOON, UNKNOWN_OUTCOME
from insurance.states import CLAIM, WITHOUT_SETTLEMENT, ClaimEvent, ClaimState
from kernel import events, jobs
from kernel.errors import DomainError
from kernel.identifiers import new_number
from registry.queries import coverage_of

TOO_LONG = gettext_noop("The insurer has not said within the time we ask again what became of it.")

NOT_RECORDED = _("The answer cannot be recorded: %(kind)s")


class NoCoverage(DomainError):
    """No insurance is stated; nobody can be asked."""

    code = "no_coverage"
    default_message = _("No insurance is stated for this patient.")


@transaction.atomic
def open_claim(*, bill_id: int, by: User | None, at: datetime) -> Claim:
    """A claim for a bill, and the job that asks the insurer what it would pay.

    Raises:
        NoCoverage: no insurance is stated.
    """
    registration = _registration_of(
        Bill.objects.select_related("encounter__coverage", "encounter__patient").get(pk=bill_id).encounter
    )
    return add_claim(bill_id, registration, by=by, at=at)


def add_claim(
    bill_id: int,
    registration: VisitRegistration,
    *,
    by: User | None,
    at: datetime,
    replaces: Claim | None = None,
    kept: Mapping[int, Decimal] | None = None,
) -> Claim:
    """The row with a batch of its own, and its first question; the caller holds the transaction.

    ``kept`` are the units that stay of lines that were given back, by number; 0 leaves the line out.
    """
    claim = Claim.objects.create(
        bill_id=bill_id,
        registration=registration,
        route=route_for(registration, at=at),
        batch_number=new_number("C", at),
        opened_at=at,
        next_ask_at=at + CALL_IS_OVER,
        replaces=replaces,
        returned_lines=sorted(number for number, units in (kept or {}).items() if not units),
        kept_quantities={str(number): str(units) for number, units in (kept or {}).items() if units},
    )
    audit.record("insurance.claim.opened", on=claim, by=by, at=at, is_first=True)
    jobs.enqueue("insurance.presettle_claim", claim_id=claim.pk, times=0)
    return claim


def _registration_of(encounter: Encounter) -> VisitRegistration:
    """The visit as the insurer is to know it, by what she states now; once it is registered it stays."""
    stated = coverage_of(encounter.patient) or encounter.coverage
    if stated is None:
        raise NoCoverage
    # She may have shown her e-voucher before the insurer is asked for the first time.
    first: dict[str, Any] = {
        "coverage": stated,
        "authorization_id": partial(own_authorization_id, encounter),
    }
    registration, _is_new = VisitRegistration.objects.get_or_create(encounter=encounter, defaults=first)
    if registration.coverage_id != stated.pk and registration.registered_at is None:
        registration.coverage, registration.person_number = stated, ""
        registration.save(update_fields=["coverage", "person_number"])
    return registration


@transaction.atomic
def submit_claim(*, claim_id: int, by: User | None, at: datetime) -> Claim:
    """Decide to settle: the message number is written now, so that however often the job runs, and whoever
    kills it, the insurer sees one and the same message.

    Raises:
        IllegalTransition: the insurer has not said what it would pay, or the claim is on its way already.
    """
    claim = locked(claim_id)
    claim.settle_msgid = msgid_of_visit(claim.registration_id, at)
    claim.submitted_at = at
    _ask_from_now(claim, at)
    move(claim, ClaimEvent.SUBMIT, by=by, at=at)
    jobs.enqueue("insurance.settle_claim", claim_id=claim.pk, times=0)
    return claim


@transaction.atomic
def reverse_claim(*, claim_id: int, by: User | None, at: datetime) -> Claim:
    """Decide to take a settlement back; ``ClaimReversed`` follows when the insurer has done so.

    Raises:
        IllegalTransition: the claim is not settled.
    """
    claim = locked(claim_id)
    claim.reverse_msgid = msgid_of_visit(claim.registration_id, at)
    _ask_from_now(claim, at)
    move(claim, ClaimEvent.REVERSE, by=by, at=at)
    jobs.enqueue("insurance.reverse_settlement", claim_id=claim.pk, times=0)
    return claim


@transaction.atomic
def void_claim(*, claim_id: int, by: User | None, at: datetime, reason: str = "") -> bool:
    """Decide to undo a settlement whose outcome is unknown (2601); ``ClaimVoided`` follows, or ``ClaimSettled`` when
    the insurer says that it stands. False when the outcome is known meanwhile.

    ``reason`` is what the patient reads when nothing is settled.
    """
    claim = locked(claim_id)
    if not CLAIM.allows(claim.state, ClaimEvent.VOID):
        return False
    claim.void_msgid = msgid_of_visit(claim.registration_id, at)
    claim.refusal = reason[:500]
    claim.asked_times = 0
    claim.next_ask_at = at + CALL_IS_OVER
    move(claim, ClaimEvent.VOID, by=by, at=at)
    jobs.enqueue("insurance.void_settlement", claim_id=claim.pk, times=0)
    return True


@transaction.atomic
def abandon_claim(*, claim_id: int, by: User | None, at: datetime) -> None:
    """Give a claim up before any settlement; one that the insurer has declined is given up already."""
    claim = locked(claim_id)
    if CLAIM.allows(claim.state, ClaimEvent.ABANDON):
        move(claim, ClaimEvent.ABANDON, by=by, at=at)


def decline(claim: Claim, *, refusal: str, at: datetime, by: User | None = None) -> None:
    """The insurer has refused, and nothing happened there; the caller holds the lock.

    Raises:
        IllegalTransition: the claim does not wait for this word.
    """
    claim.refusal = refusal[:500]
    move(claim, ClaimEvent.DECLINE, by=by, at=at)
    events.publish(ClaimDeclined(claim.pk))


def lose_answer(claim: Claim, *, at: datetime, person_reason: str = "", renew: bool = False) -> None:
    """The outcome is not known: asked again by the schedule, and by a person when there is a reason or it is over.

    Args:
        claim: locked by the caller.
        at: when it was given up to wait for the answer.
        person_reason: why a person must look already now; empty when she need not.
        renew: the reversal was refused under its number and is asked for under another one next.

    Raises:
        IllegalTransition: the claim waits for no answer.
    """
    if renew:
        claim.reverse_msgid = msgid_of_visit(claim.registration_id, at)
        claim.asked_times = 0
    keep_unknown(claim, at=at, person_reason=person_reason)
    events.publish(ClaimUnconfirmed(claim.pk))


def keep_unknown(claim: Claim, *, at: datetime, person_reason: str) -> None:
    """As ``lose_answer``, without telling anybody else; the caller does."""
    schedule_question(claim, at=at, person_reason=person_reason)
    facts = {"for": "a person"} if person_reason else {}
    move(claim, ClaimEvent.LOSE_ANSWER, by=None, at=at, facts=facts)


def not_recorded(fault: Exception) -> str:
    """Why a person must look when an answer cannot be written down."""
    return str(NOT_RECORDED) % {"kind": type(fault).__name__}


def schedule_question(claim: Claim, *, at: datetime, person_reason: str = "") -> None:
    """When the insurer is asked again, and whether a person must look; the caller saves."""
    claim.next_ask_at = UNKNOWN_OUTCOME.next_ask(
        since=claim.unknown_since or at,
        asked_at=at if claim.unknown_since else None,
        faster=settings.INSURANCE_ASK_AGAIN_FASTER,
    )
    claim.unknown_since = claim.unknown_since or at
    if person_reason or claim.next_ask_at is None:
        claim.needs_person_since = claim.needs_person_since or at
        claim.person_reason = (person_reason or claim.person_reason or TOO_LONG)[:300]


def locked(claim_id: int) -> Claim:
    """The claim, locked for this transaction."""
    return Claim.objects.select_for_update().get(pk=claim_id)


def _ask_from_now(claim: Claim, at: datetime) -> None:
    """A new question begins; what was open before is closed."""
    claim.asked_times = 0
    claim.next_ask_at = at + CALL_IS_OVER
    claim.unknown_since = None


def move(
    claim: Claim, event: ClaimEvent, *, by: User | None, at: datetime, facts: dict[str, str] | None = None
) -> None:
    """One step of the claim's life, recorded; other changes on the row are saved with it.

    With the outcome known, nobody waits for a person any more; what the insurer need not keep is tidied up later.
    """
    claim.state = CLAIM.after(claim.state, event)
    if claim.state in WITHOUT_SETTLEMENT or claim.state == ClaimState.SETTLED:
        _close_question(claim, at)
    elif claim.state == ClaimState.PRESETTLED:
        claim.next_ask_at = None  # it is her turn
    claim.save()
    audit.record(f"insurance.claim.{event.value}", on=claim, by=by, at=at, facts=facts)


def _close_question(claim: Claim, at: datetime) -> None:
    was_asked = claim.asked_times > 0 or claim.submitted_at is not None
    claim.unknown_since = claim.needs_person_since = claim.next_ask_at = claim.taken_by = None
    claim.person_reason = ""
    if claim.state in WITHOUT_SETTLEMENT and was_asked:
        claim.asked_times = 0
        claim.next_ask_at = at + TIDY_SOON
