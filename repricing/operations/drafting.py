"""The list of corrections before it is reviewed: begun, changed, collected again."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.models import User
from audit import operations as audit
from kernel import jobs, live
from kernel.errors import refuse_if_any
from kernel.identifiers import new_number
from kernel.workflow import IllegalTransition
from pricing.models import PriceRevision
from pricing.states import RevisionState
from repricing.errors import CorrectionRefused
from repricing.models import Burden, CorrectionBatch, CorrectionLine
from repricing.rules.asking import leaving_out_violations, publication_violations
from repricing.states import BATCH, BatchEvent, BatchState

_OPEN = (BatchState.COLLECTING, BatchState.DRAFTED, BatchState.REVIEWED, BatchState.CARRYING_OUT)
_LAW = (RevisionState.PUBLISHED, RevisionState.SUPERSEDED)


@transaction.atomic
def draft_corrections(*, revision_id: int, by: User | None, at: datetime) -> CorrectionBatch:
    """Have the charges collected that a published revision corrects; the open batch of it where there is one.

    Raises:
        CorrectionRefused: the revision is not law (RP-13).
    """
    revision = PriceRevision.objects.select_for_update(of=("self",)).get(pk=revision_id)
    refuse_if_any(publication_violations(is_published=revision.state in _LAW), CorrectionRefused)
    existing = CorrectionBatch.objects.filter(revision=revision, state__in=_OPEN).first()
    if existing:
        return existing
    batch = CorrectionBatch.objects.create(
        number=new_number("K", at),
        revision=revision,
        increases_borne_by=_burden(),
        drafted_by=by,
        drafted_at=at,
    )
    audit.record("repricing.batch.drafted", on=batch, by=by, at=at, facts={"revision": revision.number})
    jobs.enqueue("repricing.collect", batch_id=batch.pk)
    return batch


def _burden() -> Burden:
    """Who bears increases unless somebody decides otherwise; what the setting does not say clearly, the hospital."""
    borne_by = str(settings.CORRECTION_INCREASES_BORNE_BY)
    return Burden.PATIENT if borne_by == Burden.PATIENT.value else Burden.HOSPITAL


def locked(batch_id: int) -> CorrectionBatch:
    """The batch, locked for this transaction."""
    return CorrectionBatch.objects.select_for_update(of=("self",)).get(pk=batch_id)


def move(
    batch: CorrectionBatch, event: BatchEvent, *, by: User | None, at: datetime, **changes: object
) -> None:
    """One step with the changes that go with it, the trace, and the bell of watching pages."""
    batch.state = BATCH.after(batch.state, event)
    for name, value in changes.items():
        setattr(batch, name, value)
    batch.save()
    audit.record(f"repricing.batch.{event.value}", on=batch, by=by, at=at)
    live.ring(f"corrections:{batch.pk}")


@transaction.atomic
def collect_again(*, batch_id: int, by: User, at: datetime) -> CorrectionBatch:
    """Throw the list away and collect it anew, e.g. when bills were settled meanwhile.

    Raises:
        IllegalTransition: the list is reviewed already.
    """
    batch = locked(batch_id)
    move(
        batch, BatchEvent.COLLECT_AGAIN, by=by, at=at,
        drafted_by=by, cursor=[], looked_at_count=0, unsettled_count=0,
    )  # fmt: skip
    batch.lines.all().delete()
    jobs.enqueue("repricing.collect", batch_id=batch.pk)
    return batch


@transaction.atomic
def leave_out(*, line_id: int, reason: str, by: User, at: datetime) -> CorrectionLine:
    """Do nothing about one line; the reason stays with it.

    Raises:
        CorrectionRefused: no reason is given (RP-11).
        IllegalTransition: the list is not a draft any more.
    """
    refuse_if_any(leaving_out_violations(reason=reason), CorrectionRefused)
    return _changed(line_id, reason.strip()[:200], by=by, at=at)


@transaction.atomic
def take_in(*, line_id: int, by: User, at: datetime) -> CorrectionLine:
    """Take a line that was left out into the list again.

    Raises:
        IllegalTransition: the list is not a draft any more.
    """
    return _changed(line_id, "", by=by, at=at)


def _changed(line_id: int, reason: str, *, by: User, at: datetime) -> CorrectionLine:
    found = CorrectionLine.objects.get(pk=line_id)
    batch = _drafted(found.batch_id)
    line = CorrectionLine.objects.select_for_update(of=("self",)).get(pk=line_id)
    line.left_out_reason, line.left_out_by = reason, by if reason else None
    line.save(update_fields=["left_out_reason", "left_out_by"])
    _note_change(batch, by)
    action = "repricing.line.left_out" if reason else "repricing.line.taken_in"
    audit.record(action, on=line, by=by, at=at, facts={"batch": batch.number, "reason": reason})
    return line


@transaction.atomic
def set_burden(*, batch_id: int, burden: Burden, by: User, at: datetime) -> CorrectionBatch:
    """Say who bears what the right prices would have brought in more.

    Raises:
        IllegalTransition: the list is not a draft any more.
    """
    batch = _drafted(batch_id)
    batch.increases_borne_by = burden
    _note_change(batch, by)
    audit.record("repricing.batch.burden", on=batch, by=by, at=at, facts={"borne_by": burden.value})
    return batch


def _drafted(batch_id: int) -> CorrectionBatch:
    batch = locked(batch_id)
    if batch.state != BatchState.DRAFTED:
        raise IllegalTransition("CorrectionBatch", batch.state, "change")
    return batch


def _note_change(batch: CorrectionBatch, by: User) -> None:
    """Who changed the list last cannot be the one who reviews it."""
    batch.drafted_by = by
    batch.save(update_fields=["drafted_by", "increases_borne_by"])
    live.ring(f"corrections:{batch.pk}")
