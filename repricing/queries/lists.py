"""Simulations and batches as the lists of the offices show them."""

from django.db.models import Case, QuerySet, When

from kernel.errors import NotFoundForYou
from repricing.models import CorrectionBatch, Payback, Simulation
from repricing.states import BatchState, PaybackState


def simulations() -> QuerySet[Simulation]:
    """Newest first, with their revision."""
    return Simulation.objects.select_related("revision", "institution", "started_by").defer("result")


def simulation_numbered(number: str) -> Simulation:
    """One simulation with everything its page shows.

    Raises:
        NotFoundForYou: there is none with this number.
    """
    related = ("revision__document", "institution", "started_by")
    found = Simulation.objects.select_related(*related).filter(number=number).first()
    if found is None:
        raise NotFoundForYou
    return found


def batches() -> QuerySet[CorrectionBatch]:
    """Newest first, with their revision."""
    return CorrectionBatch.objects.select_related("revision__document", "drafted_by", "reviewed_by")


def batches_that_wait() -> int:
    """Batches that a person has to look at or to carry out."""
    return CorrectionBatch.objects.filter(state__in=(BatchState.DRAFTED, BatchState.REVIEWED)).count()


def batch_numbered(number: str) -> CorrectionBatch:
    """One batch with everything its page shows.

    Raises:
        NotFoundForYou: there is none with this number.
    """
    found = batches().select_related("carried_out_by").filter(number=number).first()
    if found is None:
        raise NotFoundForYou
    return found


def paybacks_of(batch: CorrectionBatch) -> QuerySet[Payback]:
    """What the money office pays back of a batch, what is still to be paid first."""
    still_open = Case(When(state=PaybackState.REQUESTED, then=0), default=1)
    people = batch.paybacks.select_related("bill__encounter__patient", "paid_back_by")
    return people.order_by(still_open, "pk")
