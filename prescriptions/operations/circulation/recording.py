"""What the centre said, or did not say, written down: one short transaction each."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from audit import operations as audit
from insurance.gateway.prescribing.following import PharmacyReview, TakingReply
from insurance.gateway.prescribing.prechecking import PrecheckReply
from insurance.gateway.prescribing.signing import LAPSED, VALID, WITHDRAWN, SignatureReply
from insurance.rules.schedule import NOTHING_ARRIVES_LATE, UNKNOWN_OUTCOME
from kernel import jobs, live
from prescriptions.models import Circulation, TakenMedicine
from prescriptions.operations.circulation.opening import ADVANCE
from prescriptions.rules.circulation import POLL_EVERY
from prescriptions.states import CIRCULATION, CLOSED, CirculationEvent, CirculationState

_S, _E = CirculationState, CirculationEvent
STUCK_PAUSE = timedelta(hours=1)
MISSED_PAUSE = timedelta(minutes=5)
NOT_LET_GO = gettext_noop("The centre does not let go of it, though nothing was taken.")
CONTRADICTS = gettext_noop("What the centre holds contradicts what it has said before.")


@contextmanager
def _changing(circulation_id: int, at: datetime) -> Iterator[Circulation]:
    """The row, locked; saved and told of afterwards."""
    with transaction.atomic():
        row = Circulation.objects.select_for_update(of=("self",)).get(pk=circulation_id)
        before = row.state
        row.last_asked_at = at
        yield row
        row.save()
        if row.state != before:
            audit.record(f"prescriptions.circulation.{row.state}", on=row, by=None, at=at)
        live.ring(f"prescription:{row.prescription_id}")


def _move(row: Circulation, event: CirculationEvent, at: datetime) -> None:
    """Into the next state, in which the next step is due at once, or never again."""
    row.state = CIRCULATION.after(row.state, event)
    row.error_text, row.silent_since, row.needs_person_since = "", None, None
    row.ended_at = at if row.state in CLOSED else None
    row.next_ask_at = None if row.state in CLOSED else at


def begin(circulation_id: int, event: CirculationEvent, *, at: datetime) -> bool:
    """Commit that D003 or D004 will be sent; false when an upload is not wanted any more."""
    with _changing(circulation_id, at) as row:
        if event == _E.UPLOAD and row.withdraw_reason:
            return False
        if CIRCULATION.allows(row.state, event):
            row.state = CIRCULATION.after(row.state, event)
            row.next_ask_at = at
    return True


def checked(circulation_id: int, reply: PrecheckReply, *, at: datetime) -> None:
    """D001 gave the numbers."""
    with _changing(circulation_id, at) as row:
        row.trace_code, row.centre_number = reply.trace_code, reply.centre_number
        _move(row, _E.CHECK, at)


def signed(circulation_id: int, reply: SignatureReply, *, at: datetime) -> None:
    """D002 gave the signature."""
    with _changing(circulation_id, at) as row:
        row.signed_file, row.digest = reply.file, reply.digest
        row.certificate_serial, row.certificate_name = reply.certificate_serial, reply.certificate_name
        _move(row, _E.SIGN, at)


def held_as(circulation_id: int, status: str, *, at: datetime) -> None:
    """D003, D004, D005 or D007 says how the centre holds it: 1 in force, 2 lapsed, 3 withdrawn."""
    with _changing(circulation_id, at) as row:
        event = {WITHDRAWN: _E.RELEASE, LAPSED: _E.LAPSE}.get(status)
        if event and CIRCULATION.allows(row.state, event):
            _move(row, event, at)
        elif status == VALID:
            _in_force(row, at)
        else:
            _stuck(row, CONTRADICTS, at)


def _in_force(row: Circulation, at: datetime) -> None:
    match row.state:
        case _S.UPLOADING | _S.UNCONFIRMED:
            _move(row, _E.CONFIRM, at)
            row.uploaded_at = at
            row.next_ask_at = at if row.withdraw_reason else at + POLL_EVERY
        case _S.WITHDRAWAL_UNCONFIRMED:
            _move(row, _E.WITHDRAW, at)
        case _S.WITHDRAWING:
            _stuck(row, NOT_LET_GO, at)
        case _:
            row.error_text, row.silent_since = "", None
            row.next_ask_at = at if row.withdraw_reason else at + POLL_EVERY


def _stuck(row: Circulation, reason: str, at: datetime) -> None:
    """A person must look; it is asked about again meanwhile."""
    row.error_text, row.next_ask_at = reason, at + STUCK_PAUSE
    row.needs_person_since = row.needs_person_since or at


def not_there(circulation_id: int, *, at: datetime) -> None:
    """D005 knows of none: the upload never arrived. Uploading again is safe, a tracing code counts once.

    What is wanted back is believed to be nowhere only when no upload can be on its way any more.
    """
    with _changing(circulation_id, at) as row:
        if row.withdraw_reason and _may_arrive(row, at):
            row.next_ask_at = at + MISSED_PAUSE
        elif CIRCULATION.allows(row.state, _E.MISS):
            _move(row, _E.MISS, at)
        else:
            _stuck(row, CONTRADICTS, at)


def _may_arrive(row: Circulation, at: datetime) -> bool:
    sent = row.messages.filter(verb="D003").order_by("pk").last()
    return sent is not None and at < sent.written_at + NOTHING_ARRIVES_LATE


def lost(circulation_id: int, *, at: datetime) -> None:
    """Nobody has recorded an answer: the worker is gone."""
    with _changing(circulation_id, at) as row:
        if CIRCULATION.allows(row.state, _E.LOSE):
            row.state = CIRCULATION.after(row.state, _E.LOSE)


def refused(circulation_id: int, reason: str, *, at: datetime) -> None:
    """The centre says no: a person looks, and may have it tried again."""
    with _changing(circulation_id, at) as row:
        if CIRCULATION.allows(row.state, _E.REFUSE):
            _move(row, _E.REFUSE, at)
            row.error_text, row.next_ask_at, row.needs_person_since = reason[:500], None, at
        else:
            _stuck(row, reason[:500], at)


def number_taken(circulation_id: int, reason: str, *, at: datetime) -> None:
    """A number counts as used: our own message arrived without our knowing, or the check gets another number."""
    with _changing(circulation_id, at) as row:
        if row.state == _S.OPENED:
            base, _dot, count = row.hospital_number.partition(".")
            row.hospital_number = f"{base}.{int(count or 1) + 1}"
        elif CIRCULATION.allows(row.state, _E.LOSE):
            row.state = CIRCULATION.after(row.state, _E.LOSE)
        else:
            _stuck(row, reason[:500], at)


def unanswered(circulation_id: int, reason: str, *, at: datetime) -> None:
    """Silence: asked again by the written schedule, in the end by a person."""
    with _changing(circulation_id, at) as row:
        if CIRCULATION.allows(row.state, _E.LOSE):
            row.state = CIRCULATION.after(row.state, _E.LOSE)
        row.error_text = reason[:500]
        row.silent_since = row.silent_since or at
        row.next_ask_at = UNKNOWN_OUTCOME.next_ask(since=row.silent_since, asked_at=at)
        if row.next_ask_at is None:
            row.needs_person_since = row.needs_person_since or at


def reviewed(circulation_id: int, review: PharmacyReview, *, at: datetime) -> None:
    """D006: what the pharmacy's pharmacist said."""
    with _changing(circulation_id, at) as row:
        row.verdict = review.verdict
        said = (review.verdict_name, review.pharmacist_name, review.opinion)
        row.verdict_words = "，".join(part for part in said if part)[:600]


def followed(circulation_id: int, taking: TakingReply, *, at: datetime) -> None:
    """D007: taken at a pharmacy, or how it stands."""
    if not taking.is_taken:
        held_as(circulation_id, taking.head.status, at=at)
        return
    with _changing(circulation_id, at) as row:
        if not CIRCULATION.allows(row.state, _E.TAKE):
            return
        _move(row, _E.TAKE, at)
        row.taken_at = taking.settled_at or at
        TakenMedicine.objects.bulk_create(
            TakenMedicine(
                circulation=row, code=line.catalogue_code, name=line.generic_name, product_name=line.product_name,
                form=line.form, strength=line.strength, quantity=line.quantity, batch=line.batch, maker=line.maker,
            )
            for line in taking.lines
        )  # fmt: skip
        jobs.enqueue("prescriptions.taken_elsewhere", prescription_id=row.prescription_id)


def close(circulation_id: int, event: CirculationEvent, *, at: datetime) -> None:
    """Over without asking: it was never in force there."""
    with _changing(circulation_id, at) as row:
        if CIRCULATION.allows(row.state, event):
            _move(row, event, at)


def enqueue_due(*, at: datetime) -> int:
    """Enqueue what is due and nobody works on; returns how many."""
    free = Q(busy_until__isnull=True) | Q(busy_until__lte=at)
    due = Q(next_ask_at__lte=at) | Q(state=_S.REFUSED, prescription__valid_until__lte=at)
    waiting = Circulation.objects.filter(free, due, ended_at__isnull=True)
    found = list(waiting.order_by("next_ask_at").values_list("pk", flat=True)[:500])
    for circulation_id in found:
        jobs.enqueue(ADVANCE, circulation_id=circulation_id)
    return len(found)
