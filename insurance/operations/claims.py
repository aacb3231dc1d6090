"""A claim's life on our side; nothing here calls out."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import operations as audit
from billing.models import Bill
from encounters.models import Encounter
from insurance.events import ClaimDeclined, ClaimUnconfirmed
from insurance.models import Claim, VisitRegistration
from insurance.operations.messages import new_msgid
from insurance.states import CLAIM, ClaimEvent
from kernel import events, jobs
from kernel.errors import DomainError
from kernel.identifiers import new_number
from registry.queries import coverage_of


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
        Bill.objects.select_related("encounter__coverage").get(pk=bill_id).encounter
    )
    claim = Claim.objects.create(
        bill_id=bill_id, registration=registration, batch_number=new_number("C", at), opened_at=at
    )
    audit.record("insurance.claim.opened", on=claim, by=by, at=at)
    jobs.enqueue("insurance.presettle_claim", claim_id=claim.pk)
    return claim


def _registration_of(encounter: Encounter) -> VisitRegistration:
    """The visit as the insurer is to know it, by what she states now; once it is registered it stays."""
    stated = coverage_of(encounter.patient) or encounter.coverage
    if stated is None:
        raise NoCoverage
    registration, _is_new = VisitRegistration.objects.get_or_create(
        encounter=encounter, defaults={"coverage": stated}
    )
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
    claim = _locked(claim_id)
    claim.settle_msgid = new_msgid(claim.registration.encounter.institution.code, at)
    claim.submitted_at = at
    move(claim, ClaimEvent.SUBMIT, by=by, at=at)
    jobs.enqueue("insurance.settle_claim", claim_id=claim.pk)
    return claim


@transaction.atomic
def reverse_claim(*, claim_id: int, by: User | None, at: datetime) -> Claim:
    """Decide to take a settlement back; ``ClaimReversed`` follows when the insurer has done so.

    Raises:
        IllegalTransition: the claim is not settled.
    """
    claim = _locked(claim_id)
    claim.reverse_msgid = new_msgid(claim.registration.encounter.institution.code, at)
    claim.asked_times = 0
    move(claim, ClaimEvent.REVERSE, by=by, at=at)
    jobs.enqueue("insurance.reverse_settlement", claim_id=claim.pk)
    return claim


@transaction.atomic
def abandon_claim(*, claim_id: int, by: User | None, at: datetime) -> None:
    """Give a claim up before any settlement; one that the insurer has declined is given up already."""
    claim = _locked(claim_id)
    if CLAIM.allows(claim.state, ClaimEvent.ABANDON):
        move(claim, ClaimEvent.ABANDON, by=by, at=at)


@transaction.atomic
def decline_claim(*, claim_id: int, refusal: str, at: datetime) -> None:
    """The insurer has refused, and nothing happened there."""
    claim = _locked(claim_id)
    if not CLAIM.allows(claim.state, ClaimEvent.DECLINE):
        return
    claim.refusal = refusal[:500]
    move(claim, ClaimEvent.DECLINE, by=None, at=at)
    events.publish(ClaimDeclined(claim.pk))


@transaction.atomic
def lose_answer(*, claim_id: int, at: datetime) -> None:
    """The outcome of a settlement or reversal is not known; the sweeper asks again."""
    claim = _locked(claim_id)
    if not CLAIM.allows(claim.state, ClaimEvent.LOSE_ANSWER):
        return
    move(claim, ClaimEvent.LOSE_ANSWER, by=None, at=at)
    events.publish(ClaimUnconfirmed(claim.pk))


def _locked(claim_id: int) -> Claim:
    """The claim, locked for this transaction."""
    claims = Claim.objects.select_for_update(of=("self",))
    return claims.select_related("registration__encounter__institution").get(pk=claim_id)


def move(claim: Claim, event: ClaimEvent, *, by: User | None, at: datetime) -> None:
    """One step of the claim's life, recorded; other changes on the row are saved with it."""
    claim.state = CLAIM.after(claim.state, event)
    claim.save()
    audit.record(f"insurance.claim.{event.value}", on=claim, by=by, at=at)
