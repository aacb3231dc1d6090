"""The second person: agree to a list of corrections, send it back, or give it up."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from kernel.errors import refuse_if_any
from repricing.errors import CorrectionRefused
from repricing.models import CorrectionBatch
from repricing.operations.drafting import locked, move
from repricing.rules.asking import review_violations
from repricing.states import BatchEvent


@transaction.atomic
def approve(*, batch_id: int, by: User, at: datetime) -> CorrectionBatch:
    """Agree to the list as it is; nothing is charged or paid back yet.

    Raises:
        CorrectionRefused: who agrees changed the list last (RP-10).
        IllegalTransition: the list is not a draft.
    """
    batch = locked(batch_id)
    refuse_if_any(review_violations(drafted_by=batch.drafted_by_id, reviewed_by=by.pk), CorrectionRefused)
    move(batch, BatchEvent.APPROVE, by=by, at=at, reviewed_by=by, reviewed_at=at)
    return batch


@transaction.atomic
def return_batch(*, batch_id: int, by: User, at: datetime) -> CorrectionBatch:
    """Make a reviewed list a draft again, to be changed and reviewed anew.

    Raises:
        IllegalTransition: it is not reviewed, or is being carried out.
    """
    batch = locked(batch_id)
    move(batch, BatchEvent.RETURN, by=by, at=at, reviewed_by=None, reviewed_at=None)
    return batch


@transaction.atomic
def abandon(*, batch_id: int, by: User, at: datetime) -> CorrectionBatch:
    """Give the list up; nothing comes of it.

    Raises:
        IllegalTransition: it is being carried out, or has ended.
    """
    batch = locked(batch_id)
    move(batch, BatchEvent.ABANDON, by=by, at=at)
    return batch
