"""Lists of corrections as the tests make and carry them out."""

from collections.abc import Callable

from django.db import transaction

from accounts.models import User
from kernel import events
from pricing.events import PricesCorrected
from pricing.models import Price, PriceItem, PriceRevision
from repricing import operations
from repricing.models import CorrectionBatch
from repricing.states import BatchState
from tests.factories.repricing import AT

Work = Callable[[], None]


def price_row(item: PriceItem) -> Price:
    """The price that is known now."""
    return Price.objects.known().get(item=item)


def listed(made: PriceRevision, work: Work) -> CorrectionBatch:
    """The batch of a published revision, collected."""
    with transaction.atomic():
        events.publish(PricesCorrected(made.pk))
    work()
    batch = CorrectionBatch.objects.get(revision=made)
    assert batch.state == BatchState.DRAFTED
    return batch


def carried_out(batch: CorrectionBatch, colleague: User, work: Work) -> CorrectionBatch:
    """Agreed to by the colleague, and carried out."""
    operations.approve(batch_id=batch.pk, by=colleague, at=AT)
    operations.carry_out(batch_id=batch.pk, by=colleague, at=AT)
    work()
    batch.refresh_from_db()
    assert batch.state == BatchState.CARRIED_OUT
    return batch


def differences(batch: CorrectionBatch) -> list[str]:
    return [str(line.difference_amount) for line in batch.lines.order_by("charge")]
