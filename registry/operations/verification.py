"""Confirm that a name and an identity number belong together: ask first, record the answer afterwards."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from audit import operations as audit
from kernel import clock, jobs, live
from kernel.errors import refuse_if_any
from kernel.identifiers import IdNumber, masked_name, new_number
from registry import rules
from registry.gateway.configured import identity_gateway
from registry.gateway.messages import RealNameResult
from registry.gateway.port import IdentityRefused, IdentityUnanswered
from registry.models import VerificationRequest
from registry.models.patients import Relation
from registry.operations.linking import link
from registry.queries import help_phone, self_of
from registry.states import OPEN_STATES, VERIFICATION, VerificationEvent, VerificationState

FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=10)
LEFT_ALONE = timedelta(seconds=30)

_EVENTS = {
    RealNameResult.MATCH: VerificationEvent.MATCH,
    RealNameResult.MISMATCH: VerificationEvent.MISMATCH,
    RealNameResult.NOT_FOUND: VerificationEvent.MISS,
}


@transaction.atomic
def request_verification(
    *, relation: str, name: str, id_number: str, mobile: str = "", by: User, at: datetime
) -> VerificationRequest:
    """Write down the question; the caller asks the gateway after commit with ``ask_identity``.

    Asking the same again while it is open, or after it was confirmed, returns the row there is.

    Raises:
        RulesBroken: name or number are not well formed (R-01, R-02), the person may not be added this way
            (R-03, R-04, R-10), too many tries (R-05), or the number is being confirmed with another
            name (R-09).
    """
    day = clock.day_of(at)
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    refuse_if_any([*rules.name_violations(name), *rules.id_number_violations(id_number, on=day)])
    wanted = VerificationRequest(relation=relation, name=rules.plain_name(name), mobile=mobile, user=by)
    wanted.set_id_number(rules.plain_id_number(id_number))
    same = _same_question(wanted)
    if same:
        return same
    _refuse_newcomer(wanted, at)
    wanted.number = new_number("RN", at)
    wanted.requested_at = at
    wanted.save()
    audit.record("registry.verification.requested", on=wanted, by=by, at=at, facts={"relation": relation})
    return wanted


def _same_question(wanted: VerificationRequest) -> VerificationRequest | None:
    """The open or confirmed row for the same person, if there is one."""
    asked = VerificationRequest.objects.filter(user=wanted.user, id_fingerprint=wanted.id_fingerprint)
    open_row = asked.filter(state__in=OPEN_STATES).first()
    if open_row:
        if open_row.name != wanted.name:
            refuse_if_any(rules.still_confirming_violations(masked_name(open_row.name)))
        return open_row
    confirmed = Q(patient__guardianships__user=wanted.user, patient__guardianships__ended_at__isnull=True)
    return asked.filter(confirmed, state=VerificationState.MATCHED, name=wanted.name).first()


def _refuse_newcomer(wanted: VerificationRequest, at: datetime) -> None:
    asked = VerificationRequest.objects.filter(user=wanted.user)
    if wanted.relation == Relation.SELF:
        if self_of(wanted.user):
            refuse_if_any(rules.already_verified_violations(phone=help_phone()))
        other = asked.filter(relation=Relation.SELF, state__in=OPEN_STATES).first()
        if other:
            refuse_if_any(rules.still_confirming_violations(masked_name(other.name)))
    newcomer = rules.Newcomer(
        born_on=IdNumber(wanted.id_number).born_on,
        is_self=wanted.relation == Relation.SELF,
        has_mobile=bool(wanted.mobile),
    )
    today = asked.filter(requested_at__gt=at - timedelta(days=1)).count()
    refuse_if_any(
        [
            *rules.newcomer_violations(newcomer, on=clock.day_of(at)),
            *rules.number_of_requests_violations(today),
        ]
    )


def ask_identity(*, verification_id: int, by: User | None, at: datetime) -> VerificationRequest:
    """Ask the gateway about an open question and record what it says; without an answer ask again later.

    Calls out, so it must not run inside a transaction. Asked twice, the gateway answers once.
    """
    question = VerificationRequest.objects.get(pk=verification_id)
    if not question.is_open:
        return question
    try:
        result = identity_gateway().check_real_name(question.number, question.name, question.id_number)
        event = _EVENTS[result]
    except IdentityUnanswered:
        event = VerificationEvent.LOSE_ANSWER
    except IdentityRefused:
        # The form of the question was checked here; what the register still refuses it does not hold.
        event = VerificationEvent.MISS
    return record_verification(verification_id=verification_id, event=event, by=by, at=at)


@transaction.atomic
def record_verification(
    *, verification_id: int, event: VerificationEvent, by: User | None, at: datetime
) -> VerificationRequest:
    """Record the gateway's answer; a match makes the patient and the right to act for her.

    Recording an answer a second time changes nothing.
    """
    question = VerificationRequest.objects.select_for_update(of=("self",)).get(pk=verification_id)
    if not question.is_open:
        return question
    was_late = question.state == VerificationState.UNANSWERED
    if event == VerificationEvent.MATCH:
        question.patient = link(question, by=by, at=at)
        event = event if question.patient else VerificationEvent.REFUSE
    question.state = VERIFICATION.after(question.state, event)
    question.attempts += 1
    question.asked_at = at
    question.answered_at = None if question.is_open else at
    question.save()
    audit.record(f"registry.verification.{question.state}", on=question, by=by, at=at)
    _follow_up(question, was_late=was_late, at=at)
    return question


def _follow_up(question: VerificationRequest, *, was_late: bool, at: datetime) -> None:
    if question.is_open:
        pause = min(FIRST_PAUSE * 2 ** (question.attempts - 1), LONGEST_PAUSE)
        jobs.enqueue("registry.ask_identity", due_at=at + pause, verification_id=question.pk)
        return
    live.ring(f"user:{question.user_id}")
    if was_late:
        jobs.enqueue(
            "accounts.send_text",
            user_id=question.user_id,
            template="real_name_answered",
            params={"result": question.state},
            key=question.number,
        )


def sweep(*, at: datetime) -> int:
    """Ask again about every open question that nobody is about to ask; returns how many.

    Makes good what a process that died between commit and call left behind.
    """
    patience = Q(asked_at__isnull=True, requested_at__lt=at - LEFT_ALONE)
    patience |= Q(asked_at__lt=at - LONGEST_PAUSE - LEFT_ALONE)
    left = VerificationRequest.objects.filter(patience, state__in=OPEN_STATES).values_list("pk", flat=True)
    with transaction.atomic():
        for verification_id in left:
            jobs.enqueue("registry.ask_identity", verification_id=verification_id)
    return len(left)
